package io.cairn.event;

import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.tenant.Context;
import java.util.List;

/// A unit of work: events and rows that are committed together, once, or not at all.
///
/// It is declarative, so that everything that takes time is over before its turn in the writer comes.
///
/// @param expectations what must hold of rows; expectations about streams stand in the appends
/// @param rows changes besides those that inline projections make of the events
public record Unit(
        Context context, List<StreamAppend> appends, List<RowExpectation> expectations, List<RowChange> rows) {
    public Unit {
        appends = List.copyOf(appends);
        expectations = List.copyOf(expectations);
        rows = List.copyOf(rows);
        NewEvent.requireDistinct(appends.stream());
    }

    public static Unit of(Context context, StreamAppend append) {
        return new Unit(context, List.of(append), List.of(), List.of());
    }

    public static Unit rows(Context context, List<RowChange> rows) {
        return new Unit(context, List.of(), List.of(), rows);
    }
}
