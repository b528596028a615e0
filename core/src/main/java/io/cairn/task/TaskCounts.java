package io.cairn.task;

import io.cairn.event.EventLog;
import io.cairn.event.TenantView;
import io.cairn.event.Times;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/// How many tasks there are, of all tenants: for an operator, never for a door.
///
/// @param ready by lane: those that may be started, and those that run
/// @param waiting by lane: those behind the head of their key
/// @param dead by type. Told of all tenants together only
/// @param waitingSince by lane, since when the task has been waiting that has waited longest, in microseconds
///     since 1970; of ready ones that is the one which is to be started next. Told of all tenants together only
public record TaskCounts(
        Map<String, Long> ready, Map<String, Long> waiting, Map<String, Long> dead, Map<String, Long> waitingSince) {
    /// Behind every key that begins with a name, and before the next name.
    private static final String END = "\u0001";

    public static TaskCounts of(EventLog log, Instant now) {
        var counts = log.feed()
                .read(snapshot -> new TaskCounts(
                        snapshot.counts(TaskTables.READY),
                        snapshot.counts(TaskTables.QUEUE),
                        snapshot.counts(TaskTables.DEAD),
                        Map.of()));
        var since = LongestWait.since(log, counts.ready().keySet(), Times.micros(now));
        return new TaskCounts(counts.ready(), counts.waiting(), counts.dead(), since);
    }

    /// Those of one tenant.
    public static TaskCounts of(EventLog log, Tenant tenant) {
        return log.read(
                tenant,
                view -> new TaskCounts(
                        counts(view, TaskTables.READY), counts(view, TaskTables.QUEUE), Map.of(), Map.of()));
    }

    /// One count for each value of the key's first part.
    private static Map<String, Long> counts(TenantView view, Table table) {
        var counts = new HashMap<String, Long>();
        var column = table.key().getFirst().name();
        var next = view.rows(table, new RowKey(List.of()), null, 1);
        while (!next.isEmpty()) {
            var value = next.getFirst().text(column);
            counts.put(value, view.count(table, table.key(value)));
            next = view.rows(table, new RowKey(List.of()), table.key(value + END), 1);
        }
        return counts;
    }

    /// The lanes that have tasks, configured or not, by their names.
    public SortedSet<String> lanes() {
        var lanes = new TreeSet<>(ready.keySet());
        lanes.addAll(waiting.keySet());
        return lanes;
    }

    public long depth(String lane) {
        return ready.getOrDefault(lane, 0L) + waiting.getOrDefault(lane, 0L);
    }

    /// How long the task of the lane has waited that has waited longest.
    public Duration waited(String lane, Instant now) {
        var since = waitingSince.get(lane);
        return since == null || since > Times.micros(now) ? Duration.ZERO : Duration.between(Times.instant(since), now);
    }
}
