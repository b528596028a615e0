package io.cairn.event;

import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// The payload of an event that was read.
public sealed interface Payload {
    /// It could be opened; upcast to the newest schema version.
    record Open(JsonNode json) implements Payload {}

    /// Its subject was forgotten and the key with it.
    record Forgotten(UUID keyId) implements Payload {}
}
