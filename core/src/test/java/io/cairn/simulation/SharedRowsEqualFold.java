package io.cairn.simulation;

import io.cairn.event.StoredEvent;
import io.cairn.simulation.SharedGenerations.Generation;
import io.cairn.simulation.SimulatedDisk.Place;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Every generation of the shared projection, in whichever tables it is, holds what the log holds up to where it is,
/// each event once and in order: all but what waits in a parked stream and what was skipped.
final class SharedRowsEqualFold implements Checker {
    private final World world;
    private final LogReader reader;
    private final SharedGenerations generations;
    private final Skips skips;
    private final Map<Integer, Set<Place>> without = new HashMap<>();

    SharedRowsEqualFold(World world, LogReader reader) {
        this.world = world;
        this.reader = reader;
        this.generations = new SharedGenerations(world.storage());
        this.skips = new Skips(world.storage(), SharedVersions.NAME, World.TENANTS, List.of());
    }

    @Override
    public void check() {
        var skipped = skips.all();
        generations.all().forEach(generation -> check(generation, skipped));
    }

    private void check(Generation generation, Set<Place> skipped) {
        var found = new HashMap<StreamKey, List<Long>>();
        generations.rows(generation).forEach((stream, row) -> {
            if (row.number("made_by") != generation.version()) {
                throw new Violation("Version %d made a row of %s", row.number("made_by"), generation);
            }
            found.put(stream, SharedVersions.versions(row));
        });
        var fold = new HashMap<StreamKey, List<Long>>();
        reader.streams().forEach((stream, events) -> {
            var held = new HashSet<>(found.getOrDefault(stream, List.of()));
            var due = due(generation, stream, events).stream()
                    .filter(version -> held.contains(version) || !skipped.contains(new Place(stream, version)))
                    .toList();
            if (!due.isEmpty()) {
                fold.put(stream, due);
            }
        });
        if (!found.equals(fold)) {
            throw new Violation("The shared rows of %s are %s, a fold of the log %s", generation, found, fold);
        }
        skipped.forEach(place -> checkSkipped(generation, found, place));
    }

    private List<Long> due(Generation generation, StreamKey stream, List<StoredEvent> events) {
        long reached = generations.reached(generation, events.getFirst().partition());
        long parked = generations.parked(generation, stream).orElse(Long.MAX_VALUE);
        return events.stream()
                .filter(event -> event.position() <= reached && event.version() < parked)
                .map(StoredEvent::version)
                .toList();
    }

    /// What a generation had taken in before it was skipped stays; what it had not stays out.
    private void checkSkipped(Generation generation, Map<StreamKey, List<Long>> found, Place place) {
        var left = without.computeIfAbsent(generation.number(), none -> new HashSet<>());
        if (!found.getOrDefault(place.stream(), List.of()).contains(place.version())) {
            left.add(place);
        } else if (left.contains(place)) {
            throw new Violation("%s was skipped, and then %s took it in", place, generation);
        }
    }

    /// Whether some node has something left to do.
    boolean left() {
        return generations.all().stream().anyMatch(Generation::isNext)
                || reader.streams().values().stream()
                        .map(List::getLast)
                        .anyMatch(event -> world.nodes().stream()
                                .anyMatch(
                                        node -> event.position() > node.shared().visible(event.partition())));
    }

    @Override
    public void checkEnd() {
        check();
        generations.current().ifPresent(this::checkNothingParked);
    }

    private void checkNothingParked(Generation generation) {
        for (var stream : reader.streams().keySet()) {
            generations.parked(generation, stream).ifPresent(version -> {
                throw new Violation("What was mended stays parked: %s from version %d", stream, version);
            });
        }
    }
}
