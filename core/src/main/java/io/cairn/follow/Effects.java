package io.cairn.follow;

import io.cairn.row.RowChange;
import java.util.List;

/// What follows from one event, for the event's tenant.
///
/// @param rows changes of rows, in an order in which they can be carried out
public record Effects(List<RowChange> rows) {
    private static final Effects NONE = new Effects(List.of());

    public Effects {
        rows = List.copyOf(rows);
    }

    public static Effects none() {
        return NONE;
    }

    public static Effects rows(RowChange... changes) {
        return new Effects(List.of(changes));
    }
}
