package io.cairn.tenant;

import java.util.regex.Pattern;

/// A tenant: the owner of streams, keys and index entries, and the wall that no read or write crosses.
///
/// @param id 1 to 64 of `a-z 0-9 _ -`, starting with a letter or a digit
public record Tenant(String id) {
    private static final Pattern VALID = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

    /// The tenant of a server that was told of no other.
    public static final Tenant DEFAULT = new Tenant("default");

    /// Cairn itself: it owns the rows that belong to no tenant, such as leases and checkpoints.
    public static final Tenant CAIRN = new Tenant("cairn");

    public Tenant {
        if (!VALID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "A tenant's id is 1 to 64 of a-z, 0-9, _ and -, starting with a letter or digit; found '%s'"
                            .formatted(id));
        }
    }

    /// A tenant that a caller names, who is never Cairn itself.
    public static Tenant ofCaller(String id) {
        var tenant = new Tenant(id);
        if (tenant.equals(CAIRN)) {
            throw new IllegalArgumentException("The tenant '%s' is Cairn's own; name another".formatted(CAIRN));
        }
        return tenant;
    }

    @Override
    public String toString() {
        return id;
    }
}
