package io.cairn.row;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a unit of work expects of one row. If it does not hold when the unit's turn comes, the whole unit is refused.
public sealed interface RowExpectation {
    Table table();

    RowKey key();

    boolean holds(Optional<Row> found);

    /// No row has this key.
    record Absent(Table table, RowKey key) implements RowExpectation {
        @Override
        public boolean holds(Optional<Row> found) {
            return found.isEmpty();
        }
    }

    /// The row's column has this value; a row that does not exist has null in every column.
    record Cell(
            Table table,
            RowKey key,
            String column,
            @Nullable Object value) implements RowExpectation {
        @Override
        public boolean holds(Optional<Row> found) {
            var actual = found.map(row -> row.cell(column)).orElse(null);
            return actual instanceof byte[] bytes && value instanceof byte[] expected
                    ? Arrays.equals(bytes, expected)
                    : Objects.equals(actual, value);
        }
    }
}
