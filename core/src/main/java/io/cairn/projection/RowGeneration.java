package io.cairn.projection;

import io.cairn.event.Event;
import io.cairn.event.PartitionUnit;
import io.cairn.follow.Effects;
import io.cairn.follow.LeasedWork;
import io.cairn.follow.Reaction;
import io.cairn.follow.Rows;
import io.cairn.projection.Succession.Place;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// One generation of a row projection, as its follower writes to it: in tables of its own, on condition that they
/// still have the names that they had.
final class RowGeneration {
    private final RowProjection projection;
    private final int number;
    private final Place place;

    RowGeneration(RowProjection projection, int number, Place place) {
        this.projection = place == Place.CURRENT
                ? projection
                : new InTables(projection, table -> GenerationRows.in(place, table));
        this.number = number;
        this.place = place;
    }

    /// The work of its follower.
    LeasedWork work() {
        return LeasedWork.of(new AsReaction(projection), number, List.of(inPlace()));
    }

    /// The condition that its tables still have the names under which it is written to.
    private PartitionUnit.Expectation inPlace() {
        return new PartitionUnit.Expectation(
                Tenant.CAIRN,
                new RowExpectation.Cell(
                        GenerationRows.TABLE, GenerationRows.key(projection.name(), number), "place", place.name()));
    }

    /// A projection as a reaction whose only effects are rows.
    private record AsReaction(RowProjection projection) implements Reaction {
        @Override
        public String name() {
            return projection.name();
        }

        @Override
        public List<Table> tables() {
            return projection.tables();
        }

        @Override
        public Effects react(Event event, io.cairn.follow.Rows rows) {
            return new Effects(List.of(), List.of(), projection.changes(event, rows::row));
        }
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
