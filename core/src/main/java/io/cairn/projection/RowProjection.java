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
/// It has no other effects: to act on events, follow them with `GET /v1/events` instead.
public interface RowProjection {
    /// The rows of the event's tenant when the event's turn comes.
    interface Rows {
        Optional<Row> row(Table table, RowKey key);
    }

    /// The name under which operators know it: lower-case letters, digits and hyphens.
    String name();

    /// The version of the projection. Raise it whenever the tables change, or the code so that the rows of before
    /// are no longer true. A release with a new version builds its rows anew, while nodes of the former release go
    /// on answering from theirs.
    default int version() {
        return 1;
    }

    /// Tables that are derived from the log and that nothing else changes. Cairn makes them; rows are read under the
    /// current generation, whichever it is. Their names are lower-case letters, digits and single underscores.
    List<Table> tables();

    /// The changes of rows that follow from an event. Any exception that this throws parks the event's stream.
    ///
    /// @param rows with the changes that follow from the events before
    List<RowChange> changes(Event event, Rows rows);
}
