package io.cairn.task;

import io.cairn.event.PartitionUnit;
import io.cairn.event.ReadSnapshot;
import io.cairn.event.StreamAppend;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowKey;
import io.cairn.row.RowOrder;
import io.cairn.row.Table;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Rows as they will be: a snapshot, and on top of it what is going to be changed in one unit of work.
///
/// A row is changed once in the end, however often the draft changed it.
final class Draft {
    private record Place(Tenant tenant, Table table, RowKey key) {}

    private final ReadSnapshot snapshot;
    private final Map<Place, Optional<Row>> known = new HashMap<>();
    private final Map<Place, RowChange> changes = new LinkedHashMap<>();
    private final List<PartitionUnit.Append> appends = new ArrayList<>();

    /// By prefix, the first row in the snapshot.
    private final Map<Place, Optional<Row>> firsts = new HashMap<>();

    Draft(ReadSnapshot snapshot) {
        this.snapshot = snapshot;
    }

    ReadSnapshot snapshot() {
        return snapshot;
    }

    /// Reads rows at once that are going to be asked for one by one.
    void prefetch(Table table, Map<Tenant, Set<RowKey>> keys) {
        var asked = new HashMap<Tenant, Set<RowKey>>();
        keys.forEach((tenant, each) -> {
            var unknown = each.stream()
                    .filter(key -> !known.containsKey(new Place(tenant, table, key)))
                    .collect(Collectors.toSet());
            unknown.forEach(key -> known.put(new Place(tenant, table, key), Optional.empty()));
            if (!unknown.isEmpty()) {
                asked.put(tenant, unknown);
            }
        });
        if (!asked.isEmpty()) {
            snapshot.first(table, asked, null, 1)
                    .forEach((tenant, rows) ->
                            rows.forEach(row -> known.put(new Place(tenant, table, row.key()), Optional.of(row))));
        }
    }

    /// Reads at once the first rows of prefixes that are going to be asked for one by one.
    ///
    /// @param prefixes all of the same length
    /// @return those that there are
    Map<Tenant, List<Row>> prefetchFirsts(Table table, Map<Tenant, Set<RowKey>> prefixes) {
        prefixes.forEach((tenant, each) ->
                each.forEach(prefix -> firsts.put(new Place(tenant, table, prefix), Optional.empty())));
        if (prefixes.isEmpty()) {
            return Map.of();
        }
        var found = snapshot.first(table, prefixes, null, 1);
        int length =
                prefixes.values().iterator().next().iterator().next().parts().size();
        found.forEach((tenant, rows) -> rows.forEach(row -> firsts.put(
                new Place(tenant, table, new RowKey(row.key().parts().subList(0, length))), Optional.of(row))));
        return found;
    }

    Optional<Row> row(Tenant tenant, Table table, RowKey key) {
        return known.computeIfAbsent(new Place(tenant, table, key), place -> snapshot.row(tenant, table, key));
    }

    Optional<TaskRow> task(Tenant tenant, String id) {
        return row(tenant, TaskTables.TASK, TaskTables.TASK.key(id)).map(row -> new TaskRow(tenant, row));
    }

    void put(TaskRow task) {
        var place = new Place(task.tenant(), task.row().table(), task.row().key());
        known.put(place, Optional.of(task.row()));
        changes.put(place, task.change());
    }

    void put(Tenant tenant, Row row) {
        var place = new Place(tenant, row.table(), row.key());
        known.put(place, Optional.of(row));
        changes.put(place, new RowChange.Put(row));
    }

    /// A change that somebody else has worked out.
    void add(Tenant tenant, RowChange change) {
        switch (change) {
            case RowChange.Put(var row, var keep) -> put(tenant, row);
            case RowChange.Remove(var table, var key) -> remove(tenant, table, key);
        }
    }

    void remove(Tenant tenant, Table table, RowKey key) {
        var place = new Place(tenant, table, key);
        known.put(place, Optional.empty());
        changes.put(place, new RowChange.Remove(table, key));
    }

    void append(Context context, StreamAppend events) {
        appends.add(new PartitionUnit.Append(context, events));
    }

    /// The first row with the prefix, as it will be.
    Optional<Row> first(Tenant tenant, Table table, RowKey prefix) {
        var touched = known.entrySet().stream()
                .filter(entry -> entry.getKey().tenant().equals(tenant)
                        && entry.getKey().table().equals(table)
                        && RowOrder.startsWith(entry.getKey().key(), prefix))
                .toList();
        var first = touched.isEmpty() ? firsts.get(new Place(tenant, table, prefix)) : null;
        if (first != null) {
            return first;
        }
        var there = snapshot.rows(tenant, table, prefix, null, touched.size() + 1).stream()
                .filter(row -> !known.containsKey(new Place(tenant, table, row.key())));
        return Stream.concat(there, touched.stream().flatMap(entry -> entry.getValue().stream()))
                .min((one, other) -> RowOrder.KEYS.compare(one.key(), other.key()));
    }

    List<PartitionUnit.Change> changes() {
        return changes.entrySet().stream()
                .map(change -> new PartitionUnit.Change(change.getKey().tenant(), change.getValue()))
                .toList();
    }

    List<PartitionUnit.Append> appends() {
        return Collections.unmodifiableList(appends);
    }

    boolean isEmpty() {
        return changes.isEmpty();
    }
}
