package io.cairn.model;

import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;

/// Who pays for a call of a model.
///
/// @param key the name of the API key that asks, or of a part of Cairn itself
public record Payer(Tenant tenant, String key) {
    /// Whoever asks.
    public static Payer of(Context context) {
        return new Payer(context.tenant(), context.actor());
    }

    /// Cairn itself, for what it embeds by itself of a tenant's.
    public static Payer cairn(Tenant tenant) {
        return new Payer(tenant, "cairn");
    }
}
