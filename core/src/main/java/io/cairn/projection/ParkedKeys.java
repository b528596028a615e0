package io.cairn.projection;

import static io.cairn.row.Table.Column.number;
import static io.cairn.row.Table.Column.text;

import io.cairn.event.Appended;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.StreamId;
import io.cairn.event.Times;
import io.cairn.event.Unit;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.Table;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The streams that a projection has put aside because one of their events made it fail.
///
/// Events of a parked stream wait, so that they are never applied out of order; all other streams go on.
public final class ParkedKeys {
    public static final Table TABLE = new Table(
            "parked",
            Table.Kind.DERIVED,
            List.of(text("projection"), text("key")),
            List.of(number("position"), text("error"), number("attempts"), number("parked_at")));

    private static final int ERROR_LENGTH_MAX = 2000;

    /// A stream that waits.
    ///
    /// @param version of the first event that was not applied
    /// @param attempts that failed
    public record Parked(Tenant tenant, StreamId stream, long version, String error, long attempts, Instant parkedAt) {
        public String key() {
            return stream.toString();
        }
    }

    private record Key(Tenant tenant, StreamId stream) {}

    private final EventLog log;
    private final String projection;
    private final Set<Key> parked = new HashSet<>();
    private final Set<Tenant> known = new HashSet<>();

    ParkedKeys(EventLog log, String projection) {
        this.log = log;
        this.projection = projection;
    }

    synchronized boolean holds(Event event) {
        if (known.add(event.tenant())) {
            list(event.tenant(), null, Integer.MAX_VALUE)
                    .forEach(found -> parked.add(new Key(found.tenant(), found.stream())));
        }
        return parked.contains(new Key(event.tenant(), event.stream()));
    }

    /// Puts the event's stream aside; durable when it returns.
    synchronized void park(Event event, Throwable failure, long attempts, Instant now) {
        var error = "%s v%d (%s): %s".formatted(event.type(), event.version(), event.position(), failure);
        var row = TABLE.row(Map.of(
                "projection", projection,
                "key", event.stream().toString(),
                "position", event.version(),
                "error", error.substring(0, Math.min(error.length(), ERROR_LENGTH_MAX)),
                "attempts", attempts,
                "parked_at", Times.micros(now)));
        write(event.tenant(), new RowChange.Put(row));
        parked.add(new Key(event.tenant(), event.stream()));
    }

    synchronized void release(Parked released) {
        write(released.tenant(), new RowChange.Remove(TABLE, TABLE.key(projection, released.key())));
        parked.remove(new Key(released.tenant(), released.stream()));
    }

    synchronized long count(Tenant tenant) {
        return list(tenant, null, Integer.MAX_VALUE).size();
    }

    List<Parked> list(Tenant tenant, @Nullable String afterKey, int limit) {
        var after = afterKey == null ? null : TABLE.key(projection, afterKey);
        return log.<List<Row>>read(tenant, view -> view.rows(TABLE, TABLE.key(projection), after, limit)).stream()
                .map(row -> parked(tenant, row))
                .toList();
    }

    private static Parked parked(Tenant tenant, Row row) {
        var key = row.text("key");
        int slash = key.indexOf('/');
        return new Parked(
                tenant,
                new StreamId(key.substring(0, slash), key.substring(slash + 1)),
                row.number("position"),
                row.text("error"),
                row.number("attempts"),
                Times.instant(row.number("parked_at")));
    }

    private void write(Tenant tenant, RowChange change) {
        var context = new Context(tenant, "projection:" + projection, "projection:" + projection);
        if (!(log.append(Unit.rows(context, List.of(change))) instanceof Appended.Written)) {
            throw new IllegalStateException("A unit without expectations was refused");
        }
    }
}
