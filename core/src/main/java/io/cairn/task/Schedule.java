package io.cairn.task;

import io.cairn.event.Times;
import io.cairn.row.Row;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A schedule as it stands.
///
/// @param next when it fires next; nothing while it is paused, or a moment after it was made
/// @param last when it was last to fire
/// @param lastTask which task it enqueued then
/// @param fired how often it has fired
/// @param skipped times that were left out
public record Schedule(
        String name,
        CronExpression cron,
        ZoneId zone,
        CatchUp catchUp,
        String type,
        @Nullable String key,
        boolean paused,
        @Nullable Instant next,
        @Nullable Instant last,
        @Nullable TaskId lastTask,
        long fired,
        long skipped) {
    /// @param now from which on it fires, if the holder of its slot has not looked at it yet
    static Schedule of(Row row, Optional<Row> state, Instant now) {
        var cron = CronExpression.parse(row.text("cron"));
        var zone = ZoneId.of(row.text("zone"));
        boolean paused = row.number("paused") != 0;
        var next = time(state, "next_at");
        return new Schedule(
                row.text("name"),
                cron,
                zone,
                CatchUp.of(row.text("catch_up")),
                row.text("type"),
                row.textOrNull("task_key"),
                paused,
                next == null && !paused ? cron.next(now, zone) : next,
                time(state, "last_at"),
                state.map(found -> found.textOrNull("last_task"))
                        .map(TaskId::of)
                        .orElse(null),
                count(state, "fired"),
                count(state, "skipped"));
    }

    static long count(Optional<Row> state, String column) {
        return state.map(found -> found.numberOrNull(column)).orElse(0L);
    }

    private static @Nullable Instant time(Optional<Row> state, String column) {
        return state.map(found -> found.numberOrNull(column))
                .map(Times::instant)
                .orElse(null);
    }
}
