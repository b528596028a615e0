package io.cairn.event;

import tools.jackson.databind.JsonNode;

/// Turns payloads of older schema versions into those of the newest; every read passes here.
@FunctionalInterface
public interface Upcasters {
    /// A payload and the schema version it now has.
    record Upcast(int schemaVersion, JsonNode payload) {}

    Upcast upcast(EventType type, int schemaVersion, JsonNode payload);

    /// Leaves every payload as it was written.
    static Upcasters none() {
        return (type, schemaVersion, payload) -> new Upcast(schemaVersion, payload);
    }
}
