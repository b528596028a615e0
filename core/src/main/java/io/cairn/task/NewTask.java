package io.cairn.task;

import io.cairn.event.Names;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A task that is to be enqueued.
///
/// @param id whoever enqueues the same id again enqueues nothing
/// @param payload JSON, sealed under the subject's key before it is stored
/// @param subject whose data the payload is, as an opaque id; forgetting the subject makes the payload unreadable
/// @param key in a sequential lane tasks of one key follow each other
/// @param priority a task is started as if it had been enqueued so many minutes earlier, so that whoever waits long
///     enough has its turn
/// @param due not to be started before
/// @param deadline not to be started afterwards: it then becomes a dead letter
/// @param dedup of several tasks of the type with this key that have not ended there is only one
public record NewTask(
        UUID id,
        String type,
        JsonNode payload,
        String subject,
        @Nullable String key,
        int priority,
        @Nullable Instant due,
        @Nullable Instant deadline,
        @Nullable String dedup) {
    /// The subject of tasks that hold nobody's data.
    public static final String NOBODY = "tasks";

    private static final int PRIORITY_MAX = 1000;

    public NewTask {
        Names.id("subject", subject);
        if (key != null) {
            Names.id("task's key", key);
        }
        if (dedup != null) {
            Names.id("deduplication key", dedup);
        }
        if (Math.abs(priority) > PRIORITY_MAX) {
            throw new IllegalArgumentException(
                    "A priority is between -%d and %d; found %d".formatted(PRIORITY_MAX, PRIORITY_MAX, priority));
        }
    }

    public static NewTask of(UUID id, String type, JsonNode payload) {
        return new NewTask(id, type, payload, NOBODY, null, 0, null, null, null);
    }

    public NewTask about(String whose) {
        return new NewTask(id, type, payload, whose, key, priority, due, deadline, dedup);
    }

    public NewTask withKey(String named) {
        return new NewTask(id, type, payload, subject, named, priority, due, deadline, dedup);
    }

    public NewTask withPriority(int minutes) {
        return new NewTask(id, type, payload, subject, key, minutes, due, deadline, dedup);
    }

    public NewTask dueAt(Instant time) {
        return new NewTask(id, type, payload, subject, key, priority, time, deadline, dedup);
    }

    public NewTask before(Instant time) {
        return new NewTask(id, type, payload, subject, key, priority, due, time, dedup);
    }

    public NewTask onceFor(String named) {
        return new NewTask(id, type, payload, subject, key, priority, due, deadline, named);
    }
}
