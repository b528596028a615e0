package io.cairn.follow;

import io.cairn.event.Event;
import io.cairn.event.PartitionUnit;
import io.cairn.event.Times;
import io.cairn.row.Assigned;
import io.cairn.row.RowChange;
import io.cairn.row.RowKey;
import io.cairn.tenant.Tenant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What follows from events, one after another, before anything of it is committed. Of a row that changes several times
/// only the last state counts.
final class PendingEffects {
    private final Reaction reaction;
    private final PendingRows rows;
    private final Map<Slot, PartitionUnit.Change> changes = new LinkedHashMap<>();

    private record Slot(Tenant tenant, String table, RowKey key, boolean put) {}

    PendingEffects(Reaction reaction, PendingRows rows) {
        this.reaction = reaction;
        this.rows = rows;
    }

    /// In an order in which they can be carried out.
    List<PartitionUnit.Change> changes() {
        return List.copyOf(changes.values());
    }

    /// Takes in what follows from the event, all of it or, if the reaction fails, nothing.
    ///
    /// @throws TryAgainException or a storage exception if that is no fault of the event
    void take(Event event) {
        var made = reaction.react(event, rows.of(event.tenant())).rows().stream()
                .map(change -> checked(change, event))
                .toList();
        made.forEach(change -> add(event.tenant(), rows.change(event.tenant(), change)));
    }

    void add(Tenant tenant, RowChange change) {
        var slot = new Slot(tenant, change.table().name(), change.key(), change instanceof RowChange.Put);
        changes.remove(slot);
        changes.put(slot, new PartitionUnit.Change(tenant, change));
    }

    private RowChange checked(RowChange change, Event event) {
        if (reaction.tables().stream().noneMatch(change.table()::equals)) {
            throw new IllegalStateException("%s changes table %s, which is not among its own"
                    .formatted(reaction.name(), change.table().name()));
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
