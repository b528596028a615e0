package io.cairn.client.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A registered version of an event type; it never changes.
public record SchemaVersion(
        String type,
        int version,
        JsonNode schema,
        @Nullable SchemaUpcaster upcaster,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<JsonNode> examples,
        @Nullable String description,
        @Nullable Instant registeredAt,
        @Nullable String registeredBy,
        @Nullable String position) {
    public SchemaVersion {
        examples = Copy.of(examples);
    }
}
