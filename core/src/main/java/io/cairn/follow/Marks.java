package io.cairn.follow;

import static io.cairn.row.Table.Column.number;
import static io.cairn.row.Table.Column.text;

import io.cairn.event.Appended;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.Head;
import io.cairn.event.PartitionUnit;
import io.cairn.event.Recorded;
import io.cairn.event.SubjectKeys;
import io.cairn.event.Times;
import io.cairn.lease.Lease;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The last event of each tenant that a reaction is through with. It commits with the effects and goes along with an
/// export, as they do, so that in the log that is made of it nothing has its effects again.
///
/// Positions mean nothing in another log, but ids, times, and the order of one tenant's events are the same there. As
/// long as the marked event has not arrived, what was recorded no later than it counts as done.
final class Marks {
    static final Table TABLE = new Table(
            "reaction_mark",
            Table.Kind.STATE,
            List.of(text("reaction")),
            List.of(text("epoch"), text("event_id"), number("recorded_at")));

    /// Tenants that are marked in one unit of work.
    private static final int TENANTS_AT_ONCE = 500;

    private final EventLog log;
    private final String reaction;
    private final boolean kept;
    private final Map<Tenant, Optional<Mark>> known = new HashMap<>();

    /// A mark of another log.
    ///
    /// @param event nothing if the reaction began behind the tenant's events and has seen none since
    /// @param recordedAt of the event, in microseconds
    /// @param position of the event in this log, 0 as long as it has not arrived
    private record Mark(@Nullable UUID event, long recordedAt, long position) {
        boolean covers(Event other) {
            return position > 0
                    ? other.position().number() <= position
                    : Times.micros(other.recordedAt()) <= recordedAt;
        }

        Mark at(long arrived) {
            return new Mark(event, recordedAt, arrived);
        }
    }

    private Marks(EventLog log, String reaction, boolean kept) {
        this.log = log;
        this.reaction = reaction;
        this.kept = kept;
    }

    static Marks of(EventLog log, String reaction) {
        return new Marks(log, reaction, true);
    }

    /// Those of a follower whose effects are made anew from the events.
    static Marks none(EventLog log, String follower) {
        return new Marks(log, follower, false);
    }

    /// Whether the event had its effects in the log that this one was made of.
    boolean hold(Event event) {
        if (!kept) {
            return false;
        }
        var mark = known.computeIfAbsent(event.tenant(), this::find);
        if (mark.isPresent() && event.id().equals(mark.get().event())) {
            mark = Optional.of(mark.get().at(event.position().number()));
            known.put(event.tenant(), mark);
        }
        return mark.filter(found -> found.covers(event)).isPresent();
    }

    /// A mark that was made in this log says no more than the checkpoint.
    private Optional<Mark> find(Tenant tenant) {
        return log.read(
                tenant,
                view -> view.row(TABLE, TABLE.key(reaction))
                        .filter(this::isOfAnotherLog)
                        .map(row -> {
                            var id = row.textOrNull("event_id");
                            var event = id == null ? null : UUID.fromString(id);
                            long position = Optional.ofNullable(event)
                                    .flatMap(view::find)
                                    .map(Recorded::position)
                                    .orElse(0L);
                            return new Mark(event, row.number("recorded_at"), position);
                        }));
    }

    private boolean isOfAnotherLog(Row row) {
        return !row.text("epoch").equals(log.epoch());
    }

    /// The changes that mark these events, one of each tenant at most.
    List<PartitionUnit.Change> put(Collection<Event> seen) {
        if (!kept) {
            return List.of();
        }
        return seen.stream()
                .filter(event -> !hold(event))
                .map(event -> mark(event.tenant(), event.id(), Times.micros(event.recordedAt())))
                .toList();
    }

    private PartitionUnit.Change mark(Tenant tenant, @Nullable UUID event, long recordedAt) {
        var cells = new HashMap<String, Object>(
                Map.of("reaction", reaction, "epoch", log.epoch(), "recorded_at", recordedAt));
        if (event != null) {
            cells.put("event_id", event.toString());
        }
        return new PartitionUnit.Change(tenant, new RowChange.Put(TABLE.row(cells)));
    }

    /// Whether the reaction has begun in the log that this one was made of.
    boolean carried() {
        return kept
                && log.feed().tenants(TABLE).stream()
                        .anyMatch(tenant -> find(tenant).isPresent());
    }

    /// Marks for every tenant of a partition that it begins behind what the tenant has.
    void begin(Lease lease, Head head) {
        var changes = new ArrayList<PartitionUnit.Change>();
        log.feed().tenants(SubjectKeys.TABLE).stream()
                .filter(tenant -> kept && log.partition(tenant) == head.partition())
                .forEach(tenant -> changes.add(mark(tenant, null, head.recordedAt())));
        for (int from = 0; from < changes.size(); from += TENANTS_AT_ONCE) {
            var some = changes.subList(from, Math.min(from + TENANTS_AT_ONCE, changes.size()));
            var unit = new PartitionUnit(head.partition(), List.of(lease.fence()), some);
            if (!(log.feed().append(unit) instanceof Appended.Written)) {
                throw lease.lost();
            }
        }
    }
}
