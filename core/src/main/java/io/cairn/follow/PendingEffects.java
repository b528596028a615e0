package io.cairn.follow;

import io.cairn.event.Event;
import io.cairn.event.PartitionUnit;
import io.cairn.event.Times;
import io.cairn.row.Assigned;
import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.row.RowKey;
import io.cairn.row.RowOrder;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// The effects of several events, before anything of them is committed. Of a row that changes several times only
/// the last state counts.
final class PendingEffects {
    private final Reaction reaction;
    private final PendingRows rows;
    private final Map<Slot, PartitionUnit.Change> changes = new LinkedHashMap<>();
    private final List<PartitionUnit.Append> appends = new ArrayList<>();
    private final List<PartitionUnit.Expectation> expectations = new ArrayList<>();
    private final Map<Tenant, Event> seen = new HashMap<>();

    private record Slot(Tenant tenant, String table, RowKey key, boolean put) {
        boolean touches(Tenant other, RowExpectation row) {
            return tenant.equals(other)
                    && table.equals(row.table().name())
                    && (put ? key.equals(row.key()) : RowOrder.startsWith(row.key(), key));
        }
    }

    PendingEffects(Reaction reaction, PendingRows rows) {
        this.reaction = reaction;
        this.rows = rows;
    }

    /// The changes of rows, in an order in which they can be carried out.
    List<PartitionUnit.Change> changes() {
        return List.copyOf(changes.values());
    }

    List<PartitionUnit.Append> appends() {
        return List.copyOf(appends);
    }

    List<PartitionUnit.Expectation> expectations() {
        return List.copyOf(expectations);
    }

    boolean expects(RowExpectation row) {
        return expectations.stream().anyMatch(expected -> expected.row().equals(row));
    }

    /// The ids of the events that are to be appended.
    Set<UUID> events() {
        return appends.stream()
                .flatMap(append -> append.events().events().stream())
                .map(event -> event.id())
                .collect(Collectors.toSet());
    }

    /// Takes in what follows from the event, all of it or, if the reaction fails, nothing.
    ///
    /// @return false if it has to wait for a unit of work of its own: it expects rows as this one will leave them
    /// @throws TryAgainException or a storage exception if that is no fault of the event
    boolean take(Event event) {
        var tenant = event.tenant();
        var made = reaction.react(event, rows.of(tenant));
        if (made.expectations().stream().anyMatch(row -> isPending(tenant, row))) {
            return false;
        }
        var checked = made.rows().stream().map(change -> checked(change, event)).toList();
        checked.forEach(change -> add(tenant, rows.change(tenant, change)));
        made.expectations().forEach(row -> expectations.add(new PartitionUnit.Expectation(tenant, row)));
        var context = new Context(tenant, "reaction:" + reaction.name(), event.correlation());
        made.appends().forEach(append -> appends.add(new PartitionUnit.Append(context, append)));
        return true;
    }

    /// Notes that the follower is through with an event, whether anything followed from it or not.
    void seen(Event event) {
        seen.put(event.tenant(), event);
    }

    /// The last event of each tenant that the follower is through with.
    Collection<Event> lastSeen() {
        return seen.values();
    }

    private boolean isPending(Tenant tenant, RowExpectation row) {
        return changes.keySet().stream().anyMatch(slot -> slot.touches(tenant, row));
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
            // The partition's writer gives it.
            case ORDER -> Assigned.ORDER;
            case RECORDED_AT -> Times.micros(event.recordedAt());
        };
    }
}
