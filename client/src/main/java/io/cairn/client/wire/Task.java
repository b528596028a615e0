package io.cairn.client.wire;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A task as it stands. A list leaves the payload out, and how it stands among those of its key; the
/// payload is absent too once its subject was forgotten. `heldBy` is the task for whose end it waits,
/// and `behind` how many wait for its own.
public record Task(
        String id,
        String type,
        String lane,
        @Nullable String key,
        String state,
        int priority,
        Instant createdAt,
        @Nullable Instant dueAt,
        @Nullable Instant deadline,
        @Nullable String dedup,
        String subject,
        String actor,
        String correlation,
        long attempts,
        long crashes,
        long postponements,
        long replays,
        @Nullable Instant endedAt,
        @Nullable String reason,
        List<String> history,
        @Nullable TaskProgress progress,
        @Nullable JsonNode payload,
        @Nullable String heldBy,
        @Nullable Long behind) {
    public Task {
        history = Copy.of(history);
    }
}
