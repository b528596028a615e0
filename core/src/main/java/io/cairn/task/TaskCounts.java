package io.cairn.task;

import io.cairn.event.EventLog;
import io.cairn.event.TenantView;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How many tasks there are, of all tenants: for an operator, never for a door.
///
/// @param ready by lane: those that may be started, and those that run
/// @param waiting by lane: those behind the head of their key
/// @param dead by type
public record TaskCounts(Map<String, Long> ready, Map<String, Long> waiting, Map<String, Long> dead) {
    /// Behind every key that begins with a name, and before the next name.
    private static final String END = "\u0001";

    public static TaskCounts of(EventLog log) {
        return log.feed()
                .read(snapshot -> new TaskCounts(
                        snapshot.counts(TaskTables.READY),
                        snapshot.counts(TaskTables.QUEUE),
                        snapshot.counts(TaskTables.DEAD)));
    }

    /// Those of one tenant.
    public static TaskCounts of(EventLog log, Tenant tenant) {
        return log.read(
                tenant,
                view -> new TaskCounts(
                        counts(view, TaskTables.READY), counts(view, TaskTables.QUEUE), counts(view, TaskTables.DEAD)));
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

    public long depth(String lane) {
        return ready.getOrDefault(lane, 0L) + waiting.getOrDefault(lane, 0L);
    }
}
