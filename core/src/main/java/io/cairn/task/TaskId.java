package io.cairn.task;

import java.util.UUID;

/// The id of a task within its tenant. It stays the same through every attempt and every replay.
public record TaskId(UUID value) {
    public static TaskId of(String id) {
        return new TaskId(UUID.fromString(id));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
