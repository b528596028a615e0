package io.cairn.event;

import tools.jackson.databind.JsonNode;

/// Turns payloads of older schema versions into those of the newest; every read passes here.
@FunctionalInterface
public interface Upcasters {
    /// A payload and the schema version it now has.
    record Upcast(int schemaVersion, JsonNode payload) {}

    /// The upcasters of one tenant, as one moment of the log knows them.
    @FunctionalInterface
    interface Known {
        /// @throws UpcastException if the payload does not allow it
        Upcast upcast(EventType type, int schemaVersion, JsonNode payload);
    }

    /// Asked once for whatever is read together, so it costs nothing before the first payload comes.
    Known in(TenantView view);

    /// Leaves every payload as it was written.
    static Upcasters none() {
        return view -> (type, schemaVersion, payload) -> new Upcast(schemaVersion, payload);
    }
}
