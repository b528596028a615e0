package io.cairn.simulation;

import io.cairn.event.Event;
import io.cairn.projection.Projection;
import io.cairn.simulation.SimulatedDisk.Kept;
import io.cairn.simulation.SimulatedDisk.Place;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;

/// A projection that keeps which events it has taken in of each stream, and notices at once when one is missing or
/// comes out of order. It cannot take in poison. What it commits outlives the process that held it.
class SimulatedIndex implements Projection {
    final World world;
    final Kept kept;
    final Map<StreamKey, NavigableMap<Long, UUID>> streams;
    final Map<Integer, Long> applied;
    private Map<Integer, Long> visible;
    private Map<Integer, Long> durable;

    SimulatedIndex(Kept kept, World world) {
        this.world = world;
        this.kept = kept;
        this.streams = kept.streams();
        this.applied = new HashMap<>(kept.positions());
        this.visible = Map.copyOf(applied);
        this.durable = Map.copyOf(applied);
    }

    NavigableMap<Long, UUID> events(StreamKey stream) {
        return streams.getOrDefault(stream, new TreeMap<>());
    }

    @Override
    public void apply(int partition, List<Event> events, long to) {
        for (var event : events) {
            world.trouble().moment();
            if (world.poison().holds(event.id())) {
                throw new IllegalStateException("Poison " + event.id());
            }
            take(new StreamKey(event.tenant(), event.stream()), event.version(), event.id());
        }
        applied.put(partition, to);
    }

    /// The same event may come again, and those that somebody skipped never come.
    private void take(StreamKey stream, long version, UUID event) {
        var seen = streams.computeIfAbsent(stream, none -> new TreeMap<>());
        long last = seen.isEmpty() ? 0 : seen.lastKey();
        var before = version <= last ? seen.get(version) : event;
        if (!event.equals(before)) {
            throw new Violation("A projection is given version %d of %s after version %d", version, stream, last);
        }
        for (long between = last + 1; between < version; between++) {
            if (!world.skips().hold(stream, between)) {
                throw new Violation("A projection is given version %d of %s after version %d", version, stream, last);
            }
        }
        if (kept.bars(new Place(stream, version))) {
            throw new Violation("A projection is given version %d of %s, which was skipped", version, stream);
        }
        seen.put(version, event);
    }

    @Override
    public void publish() {
        world.trouble().moment();
        visible = Map.copyOf(applied);
    }

    @Override
    public void commit() {
        world.trouble().moment();
        kept.write(streams);
        kept.writePositions(applied);
        durable = Map.copyOf(applied);
        world.trouble().moment();
    }

    @Override
    public long applied(int partition) {
        return applied.getOrDefault(partition, 0L);
    }

    @Override
    public long visible(int partition) {
        return visible.getOrDefault(partition, 0L);
    }

    @Override
    public long durable(int partition) {
        return durable.getOrDefault(partition, 0L);
    }

    @Override
    public void close() {
        // nothing is held
    }
}
