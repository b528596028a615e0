package io.cairn.client.wire;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A task as it is enqueued. `key` orders the tasks of a sequential lane; of several tasks of a type with the same
/// `dedup` that have not ended there is only one; `subject` says whose data the payload is.
public record NewTask(
        @Nullable String id,
        String type,
        @Nullable JsonNode payload,
        @Nullable String key,
        @Nullable Integer priority,
        @Nullable Instant dueAt,
        @Nullable Instant deadline,
        @Nullable String dedup,
        @Nullable String subject) {
    public static NewTask of(String type, JsonNode payload) {
        return new NewTask(null, type, payload, null, null, null, null, null, null);
    }

    public NewTask withId(String newId) {
        return new NewTask(newId, type, payload, key, priority, dueAt, deadline, dedup, subject);
    }

    public NewTask withKey(String newKey) {
        return new NewTask(id, type, payload, newKey, priority, dueAt, deadline, dedup, subject);
    }

    public NewTask withPriority(int minutes) {
        return new NewTask(id, type, payload, key, minutes, dueAt, deadline, dedup, subject);
    }

    public NewTask dueAt(Instant time) {
        return new NewTask(id, type, payload, key, priority, time, deadline, dedup, subject);
    }

    public NewTask before(Instant time) {
        return new NewTask(id, type, payload, key, priority, dueAt, time, dedup, subject);
    }

    public NewTask onceFor(String newDedup) {
        return new NewTask(id, type, payload, key, priority, dueAt, deadline, newDedup, subject);
    }
}
