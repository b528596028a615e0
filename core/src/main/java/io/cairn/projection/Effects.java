package io.cairn.projection;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.PartitionUnit;
import io.cairn.event.Times;
import io.cairn.row.Assigned;
import io.cairn.row.RowChange;
import java.util.ArrayList;
import java.util.List;

/// What a row projection makes of events, one after another, before anything of it is committed.
final class Effects {
    private final RowProjection projection;
    private final PendingRows rows;
    private final List<PartitionUnit.Change> changes = new ArrayList<>();

    Effects(EventLog log, RowProjection projection) {
        this.projection = projection;
        this.rows = new PendingRows(log);
    }

    List<PartitionUnit.Change> changes() {
        return changes;
    }

    /// Takes in what follows from the event, all of it or, if the projection fails, nothing.
    ///
    /// @throws TryAgainException or a storage exception if that is no fault of the event
    void take(Event event) {
        var made = projection.changes(event, rows.of(event.tenant())).stream()
                .map(change -> checked(change, event))
                .toList();
        made.forEach(change -> {
            rows.change(event.tenant(), change);
            add(event, change);
        });
    }

    void add(Event event, RowChange change) {
        changes.add(new PartitionUnit.Change(event.tenant(), change));
    }

    private RowChange checked(RowChange change, Event event) {
        if (projection.tables().stream().noneMatch(change.table()::equals)) {
            throw new IllegalStateException("Projection %s changes table %s, which is not among its own"
                    .formatted(projection.name(), change.table().name()));
        }
        return switch (change) {
            case RowChange.Put(var row, var keep) ->
                new RowChange.Put(row.resolve(assigned -> value(assigned, event)), keep);
            case RowChange.Remove remove -> remove;
        };
    }

    private static Object value(Assigned assigned, Event event) {
        return switch (assigned) {
            case VERSION -> event.version();
            case POSITION -> event.position().number();
            case RECORDED_AT -> Times.micros(event.recordedAt());
        };
    }
}
