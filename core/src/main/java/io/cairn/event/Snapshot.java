package io.cairn.event;

import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// The state that a stream's events add up to, as of a version, so that they need not all be read again.
///
/// @param schemaVersion of the state, from 1
/// @param version of the last event in it
/// @param lastEvent the id of that event
/// @param keys those under which the payloads were sealed that went into the state
public record Snapshot(
        StreamId stream, int schemaVersion, long version, UUID lastEvent, JsonNode state, Set<PayloadKey> keys) {
    public Snapshot {
        keys = Set.copyOf(keys);
        if (schemaVersion < 1 || version < 1) {
            throw new IllegalArgumentException(
                    "A snapshot has a schema and a stream version of 1 or more; found %d and %d"
                            .formatted(schemaVersion, version));
        }
    }
}
