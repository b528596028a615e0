package io.cairn.follow;

import static io.cairn.row.Table.Column.number;
import static io.cairn.row.Table.Column.text;

import io.cairn.event.Appended;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.PartitionUnit;
import io.cairn.event.StorageException;
import io.cairn.event.StreamId;
import io.cairn.event.Times;
import io.cairn.event.Unit;
import io.cairn.lease.Lease;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The streams that one generation of a follower has put aside because one of their events made it fail.
///
/// The events of a parked stream wait, from the one that failed on, so that none is applied out of order; all other
/// streams go on. Each generation parks for itself: what one cannot take in, the next one may. Where each node has
/// an index of its own, each node also parks for itself, since it does not know how far the others are. Where nodes
/// share the work, the holder of a partition's lease parks for all.
public final class ParkedKeys {
    public static final Table TABLE = named("parked", Table.Kind.DERIVED);

    /// What reactions have put aside. They are never built anew, so it goes along with an export.
    public static final Table OF_REACTIONS = named("reaction_parked", Table.Kind.STATE);

    private static final int ERROR_LENGTH_MAX = 2000;

    private record Key(Tenant tenant, StreamId stream) {}

    private final EventLog log;
    private final Table table;
    private final String projection;
    private final long generation;
    private final Map<Key, Long> parked = new HashMap<>();
    private final Set<Tenant> known = new HashSet<>();
    private final Map<Integer, Lease> leases = new HashMap<>();

    public ParkedKeys(EventLog log, String projection, int generation) {
        this(log, TABLE, projection, generation);
    }

    private ParkedKeys(EventLog log, Table table, String projection, int generation) {
        this.log = log;
        this.table = table;
        this.projection = projection;
        this.generation = generation;
    }

    static ParkedKeys ofReaction(EventLog log, String reaction, int generation) {
        return new ParkedKeys(log, OF_REACTIONS, reaction, generation);
    }

    private static Table named(String name, Table.Kind kind) {
        return new Table(
                name,
                kind,
                List.of(text("projection"), number("generation"), text("key")),
                List.of(
                        number("version"),
                        text("event_id"),
                        text("event_type"),
                        text("error"),
                        number("attempts"),
                        number("parked_at")));
    }

    /// Makes changes in the lease's partition depend on its fence from now on. What the last holder has parked is
    /// read again when it is needed.
    synchronized void under(Lease lease) {
        leases.put(lease.partition(), lease);
        known.clear();
        parked.clear();
    }

    /// Removes what generations have parked that no longer exist: all before the one that was begun last, except
    /// the current one. If the last one has taken over already, the one before it may be wanted back, and nothing
    /// is removed.
    ///
    /// @param current the current generation, now that the last one is begun
    public static void clear(EventLog log, String projection, int current, int begun) {
        if (current >= begun) {
            return;
        }
        for (var tenant : log.feed().tenants(TABLE)) {
            var gone = log
                    .<List<Row>>read(tenant, view -> view.rows(TABLE, TABLE.key(projection), null, Integer.MAX_VALUE))
                    .stream()
                    .filter(row -> row.number("generation") < begun && row.number("generation") != current)
                    .<RowChange>map(row -> new RowChange.Remove(TABLE, row.key()))
                    .toList();
            if (!gone.isEmpty()) {
                write(log, projection, tenant, gone);
            }
        }
    }

    /// Whether the event has to wait. Events of the stream before the one that failed need not: they come again
    /// after a crash in which the generation lost what it had not yet committed.
    synchronized boolean holds(Event event) {
        if (!known.contains(event.tenant())) {
            rows(event.tenant(), table.key(projection, generation), null, Integer.MAX_VALUE).stream()
                    .map(row -> parked(event.tenant(), row, ""))
                    .forEach(found -> parked.put(new Key(found.tenant(), found.stream()), found.version()));
            known.add(event.tenant());
        }
        if (parked.isEmpty()) {
            return false;
        }
        var from = parked.get(new Key(event.tenant(), event.stream()));
        return from != null && from <= event.version();
    }

    /// Puts the event's stream aside; durable when it returns.
    synchronized void park(Event event, Throwable failure, long attempts, Instant now) {
        write(event.tenant(), List.of(put(event, failure, attempts, now)));
        parked(event);
    }

    /// The change that puts the event's stream aside; it counts once [#parked] was called.
    RowChange put(Event event, Throwable failure, long attempts, Instant now) {
        var error = "%s v%d (%s): %s".formatted(event.type(), event.version(), event.position(), failure);
        return new RowChange.Put(table.row(Map.of(
                "projection", projection,
                "generation", generation,
                "key", event.stream().toString(),
                "version", event.version(),
                "event_id", event.id().toString(),
                "event_type", event.type().name(),
                "error", log.concealed(event, error.substring(0, Math.min(error.length(), ERROR_LENGTH_MAX))),
                "attempts", attempts,
                "parked_at", Times.micros(now))));
    }

    synchronized void parked(Event event) {
        parked.put(new Key(event.tenant(), event.stream()), event.version());
    }

    /// The change that lets a stream go on.
    RowChange remove(Parked released) {
        return new RowChange.Remove(table, table.key(projection, generation, released.key()));
    }

    /// The change that removes all that a generation has parked.
    public static RowChange removeAll(String projection, int generation) {
        return new RowChange.Remove(TABLE, TABLE.key(projection, (long) generation));
    }

    /// The change that lets a stream wait behind an event that was applied.
    RowChange moved(Parked waits, Event applied) {
        return new RowChange.Put(table.row(Map.of(
                "projection", projection,
                "generation", generation,
                "key", waits.key(),
                "version", applied.version() + 1,
                "event_id", waits.eventId().toString(),
                "event_type", waits.eventType(),
                "error", log.concealed(applied, waits.error()),
                "attempts", waits.attempts(),
                "parked_at", Times.micros(waits.parkedAt()))));
    }

    void release(Parked released) {
        release(released, List.of());
    }

    /// Lets a stream go on, together with other changes.
    public synchronized void release(Parked released, List<RowChange> changes) {
        var all = new ArrayList<>(changes);
        all.add(remove(released));
        write(released.tenant(), all);
        parked.remove(new Key(released.tenant(), released.stream()));
    }

    public long count(Tenant tenant) {
        return log.<Long>read(tenant, view -> view.count(table, table.key(projection, generation)));
    }

    /// @param afterKey goes on behind this stream
    public List<Parked> list(Tenant tenant, @Nullable String afterKey, int limit) {
        var after = afterKey == null ? null : table.key(projection, generation, afterKey);
        return rows(tenant, table.key(projection, generation), after, limit).stream()
                .map(row -> parked(tenant, row, log.revealed(tenant, row.text("error"))))
                .toList();
    }

    private List<Row> rows(Tenant tenant, RowKey prefix, @Nullable RowKey after, int limit) {
        return log.read(tenant, view -> view.rows(table, prefix, after, limit));
    }

    private static Parked parked(Tenant tenant, Row row, String error) {
        var key = row.text("key");
        int slash = key.indexOf('/');
        return new Parked(
                tenant,
                new StreamId(key.substring(0, slash), key.substring(slash + 1)),
                row.number("version"),
                UUID.fromString(row.text("event_id")),
                row.text("event_type"),
                error,
                row.number("attempts"),
                Times.instant(row.number("parked_at")));
    }

    /// A write that failed may have happened, so what is known of the tenant is read again.
    private void write(Tenant tenant, List<RowChange> changes) {
        try {
            var lease = leases.get(log.partition(tenant));
            if (lease == null) {
                write(log, projection, tenant, changes);
            } else {
                write(lease, tenant, changes);
            }
        } catch (StorageException e) {
            known.remove(tenant);
            parked.keySet().removeIf(key -> key.tenant().equals(tenant));
            throw e;
        }
    }

    private void write(Lease lease, Tenant tenant, List<RowChange> changes) {
        var unit = new PartitionUnit(
                lease.partition(),
                List.of(lease.fence()),
                changes.stream()
                        .map(change -> new PartitionUnit.Change(tenant, change))
                        .toList());
        if (!(log.feed().append(unit) instanceof Appended.Written)) {
            throw lease.lost();
        }
    }

    private static void write(EventLog log, String projection, Tenant tenant, List<RowChange> changes) {
        var context = new Context(tenant, "projection:" + projection, "projection:" + projection);
        if (!(log.append(Unit.rows(context, changes)) instanceof Appended.Written)) {
            throw new IllegalStateException("A unit without expectations was refused");
        }
    }
}
