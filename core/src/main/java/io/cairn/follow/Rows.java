package io.cairn.follow;

import io.cairn.row.Row;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import java.util.Optional;

/// The rows of one tenant when an event's turn comes, including the changes that follow from the events before it.
@FunctionalInterface
public interface Rows {
    Optional<Row> row(Table table, RowKey key);
}
