package io.cairn.client;

import io.cairn.client.wire.CacheInvalidated;

/// The models of a server, as an operator sees them.
public final class Models {
    private final Transport transport;

    Models(Transport transport) {
        this.transport = transport;
    }

    /// Removes the vectors of models from every level of the cache, for all tenants.
    ///
    /// @param models a name, or a beginning of names with `*` behind it
    public CacheInvalidated invalidate(String models) {
        return transport.send(Call.delete(Address.of("models", "cache").with("model", models)), CacheInvalidated.class);
    }
}
