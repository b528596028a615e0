package io.cairn.row;

import java.util.Set;

/// A change of the rows of one table, described so that any store can carry it out.
public sealed interface RowChange {
    Table table();

    RowKey key();

    /// The same change, but of another table, which has the same columns.
    default RowChange in(Table other) {
        return switch (this) {
            case Put(var row, var keep) -> new Put(row.in(other), keep);
            case Remove(var table, var key) -> new Remove(other, key);
        };
    }

    /// Writes a row: a new one, or in place of the one that has its key.
    ///
    /// @param keep columns in which an existing row keeps its own value
    record Put(Row row, Set<String> keep) implements RowChange {
        public Put {
            keep = Set.copyOf(keep);
        }

        public Put(Row row) {
            this(row, Set.of());
        }

        @Override
        public Table table() {
            return row.table();
        }

        @Override
        public RowKey key() {
            return row.key();
        }

        /// The row that is in the table afterwards, where the given one was before.
        public Row over(Row existing) {
            return row.keeping(existing, keep);
        }
    }

    /// Removes every row whose key starts with the given parts.
    record Remove(Table table, RowKey key) implements RowChange {}
}
