package io.cairn.follow;

import static io.cairn.row.Table.Column.number;
import static io.cairn.row.Table.Column.text;

import io.cairn.event.EventLog;
import io.cairn.event.PartitionUnit;
import io.cairn.event.ReadSnapshot;
import io.cairn.event.TenantView;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How far one generation of a leased follower has come in one partition.
///
/// @param revision the number of commits for it, including those of operators; 0 before the first
public record Checkpoint(String projection, int generation, int partition, long position, long revision) {
    public static final Table TABLE = new Table(
            "projection_checkpoint",
            Table.Kind.DERIVED,
            List.of(text("projection"), number("generation"), number("partition")),
            List.of(number("position"), number("revision")));

    static Checkpoint read(EventLog log, String projection, int generation, int partition) {
        return at(
                projection,
                generation,
                partition,
                log.read(Tenant.CAIRN, view -> view.row(TABLE, key(projection, generation, partition))));
    }

    /// The checkpoint of no generation, whose revision counts the decisions that hold for all generations.
    static Checkpoint ofDecisions(EventLog log, String projection, int partition) {
        return read(log, projection, 0, partition);
    }

    /// The checkpoint as a transaction sees it that holds the partition still.
    public static Checkpoint read(ReadSnapshot snapshot, String projection, int generation, int partition) {
        return at(
                projection,
                generation,
                partition,
                snapshot.row(Tenant.CAIRN, TABLE, key(projection, generation, partition)));
    }

    private static Checkpoint at(String projection, int generation, int partition, Optional<Row> row) {
        return row.map(found -> of(projection, found)).orElse(new Checkpoint(projection, generation, partition, 0, 0));
    }

    /// The checkpoints of all generations and partitions in which anything was applied.
    public static List<Checkpoint> all(TenantView view, String projection) {
        return view.rows(TABLE, TABLE.key(projection), null, Integer.MAX_VALUE).stream()
                .map(row -> of(projection, row))
                .toList();
    }

    private static Checkpoint of(String projection, Row row) {
        return new Checkpoint(
                projection,
                (int) row.number("generation"),
                (int) row.number("partition"),
                row.number("position"),
                row.number("revision"));
    }

    /// The change that removes all checkpoints of a generation.
    public static RowChange removeAll(String projection, int generation) {
        return new RowChange.Remove(TABLE, TABLE.key(projection, (long) generation));
    }

    private static RowKey key(String projection, int generation, int partition) {
        return TABLE.key(projection, (long) generation, (long) partition);
    }

    /// The condition that nothing was committed for it since it was read.
    PartitionUnit.Expectation unchanged() {
        return new PartitionUnit.Expectation(
                Tenant.CAIRN,
                new RowExpectation.Cell(
                        TABLE, key(projection, generation, partition), "revision", revision == 0 ? null : revision));
    }

    Checkpoint at(long to) {
        return new Checkpoint(projection, generation, partition, to, revision + 1);
    }

    PartitionUnit.Change put() {
        return new PartitionUnit.Change(
                Tenant.CAIRN,
                new RowChange.Put(TABLE.row(Map.of(
                        "projection", projection,
                        "generation", (long) generation,
                        "partition", (long) partition,
                        "position", position,
                        "revision", revision))));
    }
}
