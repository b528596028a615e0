package io.cairn.simulation;

import io.cairn.event.Event;
import io.cairn.event.LogStorage;
import io.cairn.event.StoredEvent;
import io.cairn.event.StreamId;
import io.cairn.projection.ParkedKeys;
import io.cairn.projection.RowProjection;
import io.cairn.projection.SharedProjection;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// A projection of rows that the nodes share: it counts the events of each stream and adds up their versions, and
/// cannot take in poison.
///
/// The rows commit with the checkpoint, so they are exactly what the log holds up to there, but for what waits in a
/// parked stream and what was skipped.
final class SharedCounts implements RowProjection, Checker {
    static final String NAME = "counts";
    static final Table TABLE = new Table(
            "shared_count",
            Table.Kind.DERIVED,
            List.of(Table.Column.text("stream")),
            List.of(Table.Column.number("events"), Table.Column.number("versions"), Table.Column.number("last")));

    private final World world;
    private final LogStorage store;
    private final Skips skips;
    private final Map<StreamKey, List<StoredEvent>> log = new LinkedHashMap<>();

    /// What a row says.
    private record Count(long events, long versions, long last) {
        static final Count NONE = new Count(0, 0, 0);

        static Count of(Row row) {
            return new Count(row.number("events"), row.number("versions"), row.number("last"));
        }

        Count with(long version) {
            return new Count(events + 1, versions + version, version);
        }
    }

    SharedCounts(World world) {
        this.world = world;
        this.store = world.storage();
        this.skips = new Skips(store, NAME, World.TENANTS, List.of());
    }

    void take(StoredEvent event) {
        log.computeIfAbsent(new StreamKey(event.tenant(), event.stream()), none -> new ArrayList<>())
                .add(event);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Table> tables() {
        return List.of(TABLE);
    }

    @Override
    public List<RowChange> changes(Event event, Rows rows) {
        if (world.poison().holds(event.id())) {
            throw new IllegalStateException("Poison " + event.id());
        }
        var id = event.stream().id();
        var count =
                rows.row(TABLE, TABLE.key(id)).map(Count::of).orElse(Count.NONE).with(event.version());
        return List.of(new RowChange.Put(TABLE.row(
                Map.of("stream", id, "events", count.events(), "versions", count.versions(), "last", count.last()))));
    }

    /// Whether some node has something left to apply.
    boolean left() {
        return log.values().stream()
                .map(List::getLast)
                .anyMatch(event -> event.position() > reached(event.partition()));
    }

    @Override
    public void check() {
        var fold = new HashMap<StreamKey, Count>();
        log.forEach((stream, events) -> {
            long reached = reached(events.getFirst().partition());
            var parked = parked(stream);
            var count = events.stream()
                    .filter(event -> event.position() <= reached)
                    .mapToLong(StoredEvent::version)
                    .filter(version -> parked.isEmpty() || version < parked.getAsLong())
                    .filter(version -> !skips.hold(stream, version))
                    .boxed()
                    .reduce(Count.NONE, Count::with, (left, right) -> right);
            if (count.events() > 0) {
                fold.put(stream, count);
            }
        });
        var found = found();
        if (!found.equals(fold)) {
            throw new Violation("The shared counts are %s, a fold of the log up to there %s", found, fold);
        }
    }

    private Map<StreamKey, Count> found() {
        var found = new HashMap<StreamKey, Count>();
        for (var tenant : World.TENANTS) {
            store.read(snapshot -> snapshot.rows(tenant, TABLE, new RowKey(List.of()), null, Integer.MAX_VALUE))
                    .forEach(row ->
                            found.put(new StreamKey(tenant, new StreamId("thing", row.text("stream"))), Count.of(row)));
        }
        return found;
    }

    private long reached(int partition) {
        var checkpoints = SharedProjection.tables().getFirst();
        return store.read(snapshot -> snapshot.row(Tenant.CAIRN, checkpoints, checkpoints.key(NAME, (long) partition)))
                .map(row -> row.number("position"))
                .orElse(0L);
    }

    private OptionalLong parked(StreamKey stream) {
        return store
                .read(snapshot -> snapshot.rows(
                        stream.tenant(), ParkedKeys.TABLE, ParkedKeys.TABLE.key(NAME), null, Integer.MAX_VALUE))
                .stream()
                .filter(row -> row.text("key").equals(stream.stream().toString()))
                .mapToLong(row -> row.number("version"))
                .findFirst();
    }
}
