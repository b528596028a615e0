package io.cairn.simulation;

import io.cairn.event.LogStorage;
import io.cairn.follow.Checkpoint;
import io.cairn.follow.ParkedKeys;
import io.cairn.projection.RunningRows;
import io.cairn.row.Row;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// The generations of the shared projection, as the store has them.
final class SharedGenerations {
    static final Table CHECKPOINTS = Checkpoint.TABLE;
    static final Table PLACES = RunningRows.tables().getFirst();

    private final LogStorage store;

    SharedGenerations(LogStorage store) {
        this.store = store;
    }

    /// One whose rows are there.
    record Generation(int number, String place, int version) {
        private static Generation of(Row row) {
            return new Generation((int) row.number("generation"), row.text("place"), (int) row.number("version"));
        }

        private boolean isThere() {
            return !place.equals("GONE");
        }

        boolean isCurrent() {
            return place.equals("CURRENT");
        }

        boolean isNext() {
            return place.equals("NEXT");
        }

        private Table table() {
            var table = SharedVersions.TABLE;
            return isCurrent() ? table : isNext() ? table.aside() : table.former();
        }
    }

    List<Generation> all() {
        return rows(Tenant.CAIRN, PLACES, PLACES.key(SharedVersions.NAME)).stream()
                .map(Generation::of)
                .filter(Generation::isThere)
                .toList();
    }

    Optional<Generation> current() {
        return all().stream().filter(Generation::isCurrent).findFirst();
    }

    long reached(Generation generation, int partition) {
        var key = CHECKPOINTS.key(SharedVersions.NAME, (long) generation.number(), (long) partition);
        return store.read(snapshot -> snapshot.row(Tenant.CAIRN, CHECKPOINTS, key))
                .map(row -> row.number("position"))
                .orElse(0L);
    }

    /// How far readers can see.
    long reached(int partition) {
        return current().map(generation -> reached(generation, partition)).orElse(0L);
    }

    /// The row of each stream.
    Map<StreamKey, Row> rows(Generation generation) {
        var rows = new HashMap<StreamKey, Row>();
        for (var tenant : World.TENANTS) {
            rows(tenant, generation.table(), new RowKey(List.of()))
                    .forEach(row -> rows.put(StreamKey.ofId(tenant, row.text("stream")), row));
        }
        return rows;
    }

    /// From which version on a stream waits.
    OptionalLong parked(Generation generation, StreamKey stream) {
        var key = ParkedKeys.TABLE.key(
                SharedVersions.NAME, (long) generation.number(), stream.stream().toString());
        return rows(stream.tenant(), ParkedKeys.TABLE, key).stream()
                .mapToLong(row -> row.number("version"))
                .findFirst();
    }

    private List<Row> rows(Tenant tenant, Table table, RowKey prefix) {
        return store.read(snapshot -> snapshot.rows(tenant, table, prefix, null, Integer.MAX_VALUE));
    }
}
