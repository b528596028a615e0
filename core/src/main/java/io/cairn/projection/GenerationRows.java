package io.cairn.projection;

import static io.cairn.row.Table.Column.number;
import static io.cairn.row.Table.Column.text;

import io.cairn.projection.Succession.Place;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The rows in which the generations of row projections are kept: one for each generation that there is or was.
final class GenerationRows {
    static final Table TABLE = new Table(
            "projection_generation",
            Table.Kind.DERIVED,
            List.of(text("projection"), number("generation")),
            List.of(text("place"), number("version"), text("tables"), text("form")));

    /// The place of one that was given up. Its row stays, so that its number is never used again.
    private static final String GONE = "GONE";

    /// One generation.
    ///
    /// @param tables their names, as readers know them
    /// @param form of the tables
    record Generation(int number, int version, List<String> tables, String form) implements Succession.Numbered {
        /// The tables with their names alone, which is enough to drop or rename them: those of another version may
        /// have columns that are unknown here.
        Stream<Table> named() {
            return tables.stream().map(name -> new Table(name, Table.Kind.DERIVED, List.of(), List.of()));
        }
    }

    private GenerationRows() {}

    /// How a table of a generation in a place is called.
    static Table in(Place place, Table table) {
        return switch (place) {
            case CURRENT -> table;
            case NEXT -> table.aside();
            case FORMER -> table.former();
        };
    }

    /// What the rows of a projection say.
    static Succession<Generation> known(List<Row> rows) {
        return new Succession<>(
                at(Place.CURRENT, rows),
                at(Place.NEXT, rows),
                at(Place.FORMER, rows),
                rows.stream()
                        .mapToInt(row -> (int) row.number("generation"))
                        .max()
                        .orElse(0));
    }

    private static Optional<Generation> at(Place place, List<Row> rows) {
        return rows.stream()
                .filter(row -> row.text("place").equals(place.name()))
                .findFirst()
                .map(row -> new Generation(
                        (int) row.number("generation"),
                        (int) row.number("version"),
                        List.of(row.text("tables").split(",")),
                        row.text("form")));
    }

    /// The change that notes where a generation stands; nothing if it was given up.
    static RowChange put(String projection, Generation generation, Optional<Place> place) {
        return new RowChange.Put(TABLE.row(Map.of(
                "projection",
                projection,
                "generation",
                (long) generation.number(),
                "place",
                place.map(Place::name).orElse(GONE),
                "version",
                (long) generation.version(),
                "tables",
                String.join(",", generation.tables()),
                "form",
                generation.form())));
    }

    static RowKey key(String projection) {
        return TABLE.key(projection);
    }

    static RowKey key(String projection, int generation) {
        return TABLE.key(projection, (long) generation);
    }
}
