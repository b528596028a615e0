package io.cairn.event;

import io.cairn.projection.Generations;
import io.cairn.projection.Projection;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// A projection that keeps which events it has seen of each stream, and notices at once when one is missing or comes
/// twice. What it commits outlives the process that held it.
class SimulatedIndex implements Projection, Generations<SimulatedIndex> {
    /// A stream of one tenant.
    record Key(Tenant tenant, StreamId stream) {}

    /// What survives a crash.
    static final class Disk {
        private Map<Key, List<UUID>> streams = Map.of();
        private Map<Integer, Long> positions = Map.of();

        void write(Map<Key, List<UUID>> streams) {
            var copy = new HashMap<Key, List<UUID>>();
            streams.forEach((key, events) -> copy.put(key, List.copyOf(events)));
            this.streams = copy;
        }

        void writePositions(Map<Integer, Long> positions) {
            this.positions = Map.copyOf(positions);
        }
    }

    /// At which a process may die.
    @FunctionalInterface
    interface Moment {
        void passes();
    }

    final Disk disk;
    final Map<Key, List<UUID>> streams = new HashMap<>();
    final Map<Integer, Long> applied;
    private final Moment moment;
    private Map<Integer, Long> visible;
    private Map<Integer, Long> durable;

    SimulatedIndex(Disk disk, Moment moment) {
        this.disk = disk;
        this.moment = moment;
        this.applied = new HashMap<>(disk.positions);
        this.visible = Map.copyOf(applied);
        this.durable = Map.copyOf(applied);
        disk.streams.forEach((key, events) -> streams.put(key, new ArrayList<>(events)));
    }

    @Override
    public void apply(int partition, List<Event> events, long to) {
        for (var event : events) {
            moment.passes();
            var seen = streams.computeIfAbsent(new Key(event.tenant(), event.stream()), key -> new ArrayList<>());
            if (event.version() != seen.size() + 1) {
                throw new Violation(
                        "A projection is given version %d of %s after version %d",
                        event.version(), event.stream(), seen.size());
            }
            seen.add(event.id());
        }
        applied.put(partition, to);
    }

    @Override
    public void publish() {
        moment.passes();
        visible = Map.copyOf(applied);
    }

    @Override
    public void commit() {
        moment.passes();
        disk.write(streams);
        disk.writePositions(applied);
        durable = Map.copyOf(applied);
        moment.passes();
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
    public Generation<SimulatedIndex> current() {
        return new Generation<>(1, this);
    }

    @Override
    public Optional<Generation<SimulatedIndex>> next() {
        return Optional.empty();
    }

    @Override
    public Generation<SimulatedIndex> begin() {
        throw new UnsupportedOperationException("There is one generation");
    }

    @Override
    public Optional<String> noWayBack() {
        return Optional.of("there is one generation");
    }

    @Override
    public Generation<SimulatedIndex> revive() {
        throw new UnsupportedOperationException("There is one generation");
    }

    @Override
    public void promote() {
        throw new UnsupportedOperationException("There is one generation");
    }

    @Override
    public void close() {
        // nothing is held
    }
}
