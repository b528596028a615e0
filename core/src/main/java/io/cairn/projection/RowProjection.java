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

    /// As operators know it: lower-case letters, digits and hyphens.
    String name();

    /// Raised whenever the tables change, or the code in a way that makes rows of before untrue. A release with a new
    /// version builds its rows anew beside those of the former, while nodes of that one go on answering.
    default int version() {
        return 1;
    }

    /// Tables that are derived from the log and that nothing else changes. Cairn makes them; rows are read under the
    /// current generation, whichever it is. Their names are lower-case letters, digits and single underscores.
    List<Table> tables();

    /// What becomes of the rows with an event. Whatever this throws parks the event's stream.
    ///
    /// @param rows include what the events before have changed
    List<RowChange> changes(Event event, Rows rows);
}
