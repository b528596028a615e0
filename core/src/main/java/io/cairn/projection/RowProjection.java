package io.cairn.projection;

import io.cairn.event.Event;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import java.util.List;
import java.util.Optional;

/// A read model whose effects are rows: kept once for all nodes, a moment behind the log.
///
/// Nothing but rows comes of it: whoever wants more to happen follows the log with a task of their own.
public interface RowProjection {
    /// The rows of the projection, as they are when an event's turn comes: those of the event's tenant.
    interface Rows {
        Optional<Row> row(Table table, RowKey key);
    }

    /// As operators know it.
    String name();

    /// Derived tables, which nothing else changes.
    List<Table> tables();

    /// What becomes of the rows with an event. Whatever this throws parks the event's stream.
    ///
    /// @param rows include what the events before have changed
    List<RowChange> changes(Event event, Rows rows);
}
