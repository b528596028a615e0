package io.cairn.ledger;

import io.cairn.model.Payer;
import io.cairn.tenant.Tenant;

/// Whose calls a limit is about.
///
/// @param tenant one tenant; `*` for each by itself; empty for all together
/// @param key the name of an API key, likewise
public record Payers(String tenant, String key) {
    private static final String EACH = "*";

    /// Whether it is about somebody's calls.
    boolean covers(Payer payer) {
        return covers(tenant, payer.tenant().id()) && covers(key, payer.key());
    }

    private static boolean covers(String wanted, String found) {
        return wanted.isEmpty() || wanted.equals(EACH) || wanted.equals(found);
    }

    /// The one that a payer's calls count for.
    Payers of(Payer payer) {
        return new Payers(tenant.isEmpty() ? "" : payer.tenant().id(), key.isEmpty() ? "" : payer.key());
    }

    /// Whether it stands for several that are counted each by itself.
    public boolean isEach() {
        return tenant.equals(EACH) || key.equals(EACH);
    }

    /// Whether the calls of a tenant count.
    boolean isOf(Tenant one) {
        return covers(tenant, one.id());
    }

    /// Whether only this tenant's calls count towards the limit.
    boolean isOnlyOf(Tenant one) {
        return !tenant.isEmpty() && isOf(one);
    }

    /// As rows name it; no tenant's id has a slash.
    String text() {
        return tenant + "/" + key;
    }

    static Payers of(String text) {
        int slash = text.indexOf('/');
        return new Payers(text.substring(0, slash), text.substring(slash + 1));
    }
}
