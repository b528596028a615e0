package io.cairn.client;

import io.cairn.client.wire.BeginRefresh;
import io.cairn.client.wire.CacheInvalidated;
import io.cairn.client.wire.ModelsStatus;

/// The embedding model of a server, and how it is changed, as an operator sees it.
public final class Models {
    private final Transport transport;

    Models(Transport transport) {
        this.transport = transport;
    }

    /// Which model answers, which one is wanted, and how far the change is.
    public ModelsStatus status() {
        return transport.send(Call.get(Address.of("models")), ModelsStatus.class);
    }

    /// Begins to change the index to the model that the configuration names, if another one answers; [#status()] shows
    /// how far it is.
    ///
    /// @param accept whether the new index takes over whatever the comparison says
    public ModelsStatus refresh(boolean accept) {
        return say("refresh", new BeginRefresh(accept, null));
    }

    /// Has it worked out what a change would take, and begins none; [#status()] shows it once its phase is `estimated`.
    public ModelsStatus estimate() {
        return say("refresh", new BeginRefresh(null, true));
    }

    public ModelsStatus pause() {
        return say("pause", new BeginRefresh(null, null));
    }

    public ModelsStatus resume() {
        return say("resume", new BeginRefresh(null, null));
    }

    /// Gives up a change that is under way; what was embedded is kept.
    public ModelsStatus cancel() {
        return say("cancel", new BeginRefresh(null, null));
    }

    /// Goes back to the index of the former model, once that has caught up.
    public ModelsStatus rollback() {
        return say("rollback", new BeginRefresh(null, null));
    }

    /// Removes the vectors of models from every level of the cache, for all tenants.
    ///
    /// @param models a name, or a beginning of names with `*` behind it
    public CacheInvalidated invalidate(String models) {
        return transport.send(Call.delete(Address.of("models", "cache").with("model", models)), CacheInvalidated.class);
    }

    private ModelsStatus say(String what, BeginRefresh body) {
        Address address =
                what.equals("refresh") ? Address.of("models", "refresh") : Address.of("models", "refresh", what);
        return transport.send(Call.post(address, body, Call.Again.HARMLESS), ModelsStatus.class);
    }
}
