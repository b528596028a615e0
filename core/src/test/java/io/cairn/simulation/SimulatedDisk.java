package io.cairn.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a node's projection keeps through a crash: its generations, and which of them is which.
final class SimulatedDisk {
    /// One event of a stream.
    record Place(StreamKey stream, long version) {}

    /// What one generation has committed.
    static final class Kept {
        private final Set<Place> barred;
        private Map<StreamKey, NavigableMap<Long, UUID>> streams = Map.of();
        private Map<Integer, Long> positions = Map.of();

        Kept(Set<Place> barred) {
            this.barred = new HashSet<>(barred);
        }

        Map<StreamKey, NavigableMap<Long, UUID>> streams() {
            return copy(streams);
        }

        Map<Integer, Long> positions() {
            return positions;
        }

        void write(Map<StreamKey, NavigableMap<Long, UUID>> streams) {
            this.streams = copy(streams);
        }

        void writePositions(Map<Integer, Long> positions) {
            this.positions = Map.copyOf(positions);
        }

        /// Somebody has decided that this generation shall do without an event.
        void bar(Place event) {
            barred.add(event);
        }

        boolean bars(Place event) {
            return barred.contains(event);
        }

        private static Map<StreamKey, NavigableMap<Long, UUID>> copy(Map<StreamKey, NavigableMap<Long, UUID>> streams) {
            var copy = new HashMap<StreamKey, NavigableMap<Long, UUID>>();
            streams.forEach((key, events) -> copy.put(key, new TreeMap<>(events)));
            return copy;
        }
    }

    private final Map<Integer, Kept> generations = new HashMap<>();
    private final String place;
    private int last = 1;
    private int current = 1;
    private @Nullable Integer next;
    private @Nullable Integer former;

    SimulatedDisk(String place) {
        this.place = place;
        generations.put(current, new Kept(Set.of()));
    }

    String place() {
        return place;
    }

    Kept kept(int generation) {
        return Objects.requireNonNull(generations.get(generation));
    }

    int current() {
        return current;
    }

    Optional<Integer> next() {
        return Optional.ofNullable(next);
    }

    Optional<Integer> former() {
        return Optional.ofNullable(former);
    }

    /// In place of the next and of the former generation.
    int begin(Kept begun) {
        last++;
        next = last;
        former = null;
        generations.keySet().retainAll(Set.of(current));
        generations.put(last, begun);
        return last;
    }

    void promote(int generation) {
        former = current;
        current = generation;
        next = null;
    }
}
