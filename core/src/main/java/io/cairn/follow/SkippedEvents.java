package io.cairn.follow;

import static io.cairn.row.Table.Column.number;
import static io.cairn.row.Table.Column.text;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.StreamId;
import io.cairn.event.Times;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The events that an operator decided a follower shall do without: in every generation, rebuilt ones too.
///
/// A decision follows from no event, so it is state, and goes along with an export or a copy of the log.
public final class SkippedEvents {
    public static final Table TABLE = new Table(
            "skipped",
            Table.Kind.STATE,
            List.of(text("projection"), text("key"), number("from_version")),
            List.of(number("to_version"), text("skipped_by"), number("skipped_at")));

    private record Key(Tenant tenant, String stream) {}

    private record Range(long from, long to) {
        boolean holds(long version) {
            return from <= version && version <= to;
        }
    }

    private final EventLog log;
    private final String projection;
    private final Map<Key, List<Range>> ranges = new HashMap<>();
    private final Set<Tenant> known = new HashSet<>();

    public SkippedEvents(EventLog log, String projection) {
        this.log = log;
        this.projection = projection;
    }

    synchronized boolean hold(Event event) {
        if (!known.contains(event.tenant())) {
            read(event.tenant());
            known.add(event.tenant());
        }
        if (ranges.isEmpty()) {
            return false;
        }
        return ranges.getOrDefault(new Key(event.tenant(), event.stream().toString()), List.of()).stream()
                .anyMatch(range -> range.holds(event.version()));
    }

    /// Forgets what it has read, so that decisions of other nodes are seen too when it is asked next.
    public synchronized void refresh() {
        known.clear();
        ranges.clear();
    }

    /// The change that makes the skip durable; it counts once [#refresh] was called.
    public RowChange change(StreamId stream, long from, long to, String actor, Instant now) {
        return new RowChange.Put(TABLE.row(Map.of(
                "projection", projection,
                "key", stream.toString(),
                "from_version", from,
                "to_version", to,
                "skipped_by", actor,
                "skipped_at", Times.micros(now))));
    }

    private void read(Tenant tenant) {
        log.<List<Row>>read(tenant, view -> view.rows(TABLE, TABLE.key(projection), null, Integer.MAX_VALUE))
                .forEach(row -> add(
                        new Key(tenant, row.text("key")),
                        new Range(row.number("from_version"), row.number("to_version"))));
    }

    private void add(Key key, Range range) {
        ranges.computeIfAbsent(key, none -> new ArrayList<>()).add(range);
    }
}
