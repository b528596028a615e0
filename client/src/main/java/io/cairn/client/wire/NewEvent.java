package io.cairn.client.wire;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An event as it is appended; `version` is the version of its type's schema, 1 when absent.
public record NewEvent(
        @Nullable String id, String type, @Nullable Integer version, JsonNode payload) {
    public static NewEvent of(String type, JsonNode payload) {
        return new NewEvent(null, type, null, payload);
    }

    public NewEvent withId(String newId) {
        return new NewEvent(newId, type, version, payload);
    }
}
