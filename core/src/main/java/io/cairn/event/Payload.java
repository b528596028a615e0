package io.cairn.event;

import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// The payload of an event that was read.
public sealed interface Payload {
    /// It could be opened; upcast to the newest schema version.
    record Open(JsonNode json) implements Payload {}

    /// Its subject was forgotten and the key with it.
    record Forgotten(UUID keyId) implements Payload {}

    /// An upcaster cannot transform it, or it was damaged; only whoever needs it fails.
    ///
    /// @param reason names the type, the versions and what is in the way, or the event that is damaged
    record Unreadable(String reason) implements Payload {}

    /// The JSON for whoever cannot do without, or nothing if it was forgotten.
    ///
    /// @throws UnreadableException if it cannot be read: a projection that meets it parks the event's stream
    default Optional<JsonNode> needed() {
        return switch (this) {
            case Open(var json) -> Optional.of(json);
            case Forgotten forgotten -> Optional.empty();
            case Unreadable(var reason) -> throw new UnreadableException(reason);
        };
    }
}
