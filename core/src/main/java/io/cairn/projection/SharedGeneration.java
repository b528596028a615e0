package io.cairn.projection;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.PartitionUnit;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What it takes to write to one generation of a shared projection: its tables, how far it has come, what it has put
/// aside.
final class SharedGeneration {
    private final EventLog log;
    private final RowProjection projection;
    private final SharedGenerations.Generation generation;

    SharedGeneration(EventLog log, RowProjection projection, SharedGenerations.Generation generation) {
        this.log = log;
        this.projection = switch (generation.place()) {
            case CURRENT -> projection;
            case NEXT -> new InTables(projection, Table::aside);
            case FORMER, GONE -> throw new IllegalArgumentException("%s is not written to".formatted(generation));
        };
        this.generation = generation;
    }

    String projection() {
        return projection.name();
    }

    int number() {
        return generation.number();
    }

    Checkpoint checkpoint(int partition) {
        return Checkpoint.read(log, projection.name(), number(), partition);
    }

    Checkpoint decisions(int partition) {
        return Checkpoint.ofDecisions(log, projection.name(), partition);
    }

    ParkedKeys parked() {
        return new ParkedKeys(log, projection.name(), number());
    }

    SkippedEvents skipped() {
        return new SkippedEvents(log, projection.name());
    }

    /// What follows from events.
    Effects effects(PendingRows rows) {
        return new Effects(projection, rows);
    }

    /// The rows as they are for whoever goes on from a checkpoint.
    PendingRows rows(Checkpoint checkpoint) {
        return checkpoint.revision() == 0 ? PendingRows.overNothing(log) : PendingRows.over(log);
    }

    /// Its tables still have the names under which it is written to.
    PartitionUnit.Expectation inPlace() {
        return new PartitionUnit.Expectation(
                Tenant.CAIRN,
                new RowExpectation.Cell(
                        SharedGenerations.TABLE,
                        SharedGenerations.key(projection.name(), number()),
                        "place",
                        generation.place().name()));
    }

    /// A projection whose rows are in tables of other names.
    private record InTables(RowProjection projection, UnaryOperator<Table> naming) implements RowProjection {
        @Override
        public String name() {
            return projection.name();
        }

        @Override
        public int version() {
            return projection.version();
        }

        @Override
        public List<Table> tables() {
            return projection.tables().stream().map(naming).toList();
        }

        @Override
        public List<RowChange> changes(Event event, Rows rows) {
            return projection.changes(event, new Renamed(rows, naming)).stream()
                    .map(change -> change.in(naming.apply(change.table())))
                    .toList();
        }
    }

    private record Renamed(RowProjection.Rows rows, UnaryOperator<Table> naming) implements RowProjection.Rows {
        @Override
        public Optional<Row> row(Table table, RowKey key) {
            return rows.row(naming.apply(table), key).map(row -> row.in(table));
        }
    }
}
