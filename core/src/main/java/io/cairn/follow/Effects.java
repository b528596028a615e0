package io.cairn.follow;

import io.cairn.event.StreamAppend;
import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import java.util.List;
import java.util.stream.Stream;

/// What follows from one event, for the event's tenant.
///
/// @param appends later events; an id that follows from the event's own keeps them from being written twice
/// @param expectations of rows that others change too; as long as one is not met, nothing of it is committed
/// @param rows changes of rows, in an order in which they can be carried out
public record Effects(List<StreamAppend> appends, List<RowExpectation> expectations, List<RowChange> rows) {
    private static final Effects NONE = new Effects(List.of(), List.of(), List.of());

    public Effects {
        appends = List.copyOf(appends);
        expectations = List.copyOf(expectations);
        rows = List.copyOf(rows);
    }

    public static Effects none() {
        return NONE;
    }

    public static Effects rows(RowChange... changes) {
        return new Effects(List.of(), List.of(), List.of(changes));
    }

    public static Effects events(StreamAppend... appends) {
        return new Effects(List.of(appends), List.of(), List.of());
    }

    /// Both together, or neither.
    public Effects and(Effects more) {
        return new Effects(
                joined(appends, more.appends), joined(expectations, more.expectations), joined(rows, more.rows));
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
