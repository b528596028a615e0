package io.cairn.event;

import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowKey;
import io.cairn.row.RowOrder;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// All that a log in memory holds at one moment. What is committed is never changed; a transaction changes a copy.
///
/// @param tables rows by the names of their tables
record MemoryState(List<Part> parts, Map<String, TreeMap<FullKey, Row>> tables) {
    private static final Comparator<FullKey> ORDER =
            Comparator.comparing((FullKey key) -> key.tenant().id()).thenComparing(FullKey::key, RowOrder.KEYS);

    record FullKey(Tenant tenant, RowKey key) {}

    /// A change of a tenant's rows.
    record Change(Tenant tenant, RowChange change) {
        void carryOut(Map<String, TreeMap<FullKey, Row>> tables) {
            var rows = table(tables, change.table());
            switch (change) {
                case RowChange.Put put ->
                    rows.merge(new FullKey(tenant, put.key()), put.row(), (existing, row) -> put.over(existing));
                case RowChange.Remove(var table, var key) ->
                    matching(rows, tenant, key, new FullKey(tenant, key), true)
                            .map(Map.Entry::getKey)
                            .toList()
                            .forEach(rows::remove);
            }
        }
    }

    /// One partition.
    record Part(
            Head head,
            List<StoredEvent> events,
            Map<StreamKey, List<StoredEvent>> streams,
            Map<EventKey, StoredEvent> ids) {
        private Part copy() {
            return new Part(head, new ArrayList<>(events), new HashMap<>(streams), new HashMap<>(ids));
        }

        Part at(Head to) {
            return new Part(to, events, streams, ids);
        }

        void add(StoredEvent event) {
            events.add(event);
            ids.put(new EventKey(event.tenant(), event.eventId()), event);
            streams.merge(
                    new StreamKey(event.tenant(), event.stream()),
                    List.of(event),
                    (old, next) -> Stream.concat(old.stream(), next.stream()).toList());
        }
    }

    MemoryState {
        parts = List.copyOf(parts);
    }

    static MemoryState empty(String epoch, List<Table> tables, int partitions) {
        var empty = new HashMap<String, TreeMap<FullKey, Row>>();
        tables.forEach(table -> empty.put(table.name(), noRows()));
        return new MemoryState(
                IntStream.range(0, partitions)
                        .mapToObj(p -> new Part(Head.genesis(epoch, p), List.of(), Map.of(), Map.of()))
                        .toList(),
                Map.copyOf(empty));
    }

    static TreeMap<FullKey, Row> noRows() {
        return new TreeMap<>(ORDER);
    }

    /// A copy whose partition may be written to, and in which tables may be put in place of others.
    MemoryState toWrite(int partition) {
        return new MemoryState(parts, new HashMap<>(tables))
                .with(parts.get(partition).copy());
    }

    MemoryState with(Part part) {
        var changed = new ArrayList<>(parts);
        changed.set(part.head().partition(), part);
        return new MemoryState(changed, tables);
    }

    static TreeMap<FullKey, Row> table(Map<String, TreeMap<FullKey, Row>> tables, Table table) {
        var rows = tables.get(table.name());
        if (rows == null) {
            throw new IllegalArgumentException("This store was made without table " + table.name());
        }
        return rows;
    }

    static Stream<Map.Entry<FullKey, Row>> matching(
            TreeMap<FullKey, Row> rows, Tenant tenant, RowKey prefix, FullKey from, boolean inclusive) {
        return rows.tailMap(from, inclusive).entrySet().stream()
                .takeWhile(entry -> entry.getKey().tenant().equals(tenant)
                        && RowOrder.startsWith(entry.getKey().key(), prefix));
    }
}
