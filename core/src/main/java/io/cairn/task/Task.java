package io.cairn.task;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A task as it stands.
///
/// @param seq its place in the order in which the tasks of its key were enqueued
/// @param dueAt when it may be started next, if it waits for that
/// @param attempts that failed since it was enqueued or replayed
/// @param crashes attempts that ended with their process
/// @param postponements that were no attempts
/// @param reason why it last failed or was put off
/// @param history what has happened to it, a line each, of a long one the end
public record Task(
        TaskId id,
        String type,
        String lane,
        @Nullable String key,
        TaskState state,
        int priority,
        long seq,
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
        @Nullable Progress progress) {
    public Task {
        history = List.copyOf(history);
    }

    /// How far it has come, as its handler says.
    public record Progress(long done, long total) {}

    static Task of(TaskRow task, boolean running, @Nullable Progress progress) {
        var row = task.row();
        var state = running && task.state() == TaskState.READY ? TaskState.RUNNING : task.state();
        var history = row.textOrNull("history");
        return new Task(
                TaskId.of(task.id()),
                task.type(),
                task.lane(),
                task.key().orElse(null),
                state,
                (int) row.number("priority"),
                task.seq(),
                task.time("created_at").orElseThrow(),
                state == TaskState.LATER ? task.time("place").orElseThrow() : null,
                task.time("deadline_at").orElse(null),
                task.dedup().orElse(null),
                row.text("subject"),
                row.text("actor"),
                row.text("correlation"),
                task.count("attempts"),
                task.count("crashes"),
                task.count("postponements"),
                task.count("replays"),
                task.time("ended_at").orElse(null),
                row.textOrNull("reason"),
                history == null ? List.of() : List.of(history.split("\n")),
                state == TaskState.RUNNING ? progress : null);
    }
}
