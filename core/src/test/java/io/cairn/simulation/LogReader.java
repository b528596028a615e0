package io.cairn.simulation;

import io.cairn.archive.Verification;
import io.cairn.event.LogStorage;
import io.cairn.event.StoredEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/// A reader with a cursor in each partition, which holds the log to its promises as it goes: positions and versions
/// without gaps, times that do not go back, no event twice.
final class LogReader implements Checker {
    private final LogStorage storage;
    private final Consumer<StoredEvent> folds;
    private final Map<Integer, StoredEvent> last = new HashMap<>();
    private final Map<UUID, StoredEvent> events = new LinkedHashMap<>();
    private final Map<StreamKey, List<StoredEvent>> streams = new LinkedHashMap<>();

    /// @param folds is told of every event, in the order of each partition
    LogReader(LogStorage storage, Consumer<StoredEvent> folds) {
        this.storage = storage;
        this.folds = folds;
    }

    @Override
    public void check() {
        for (int partition = 0; partition < storage.partitions(); partition++) {
            int followed = partition;
            long cursor = last.containsKey(partition) ? last.get(partition).position() : 0;
            storage.read(snapshot -> snapshot.after(followed, cursor, Integer.MAX_VALUE, Long.MAX_VALUE))
                    .forEach(this::next);
        }
    }

    private void next(StoredEvent event) {
        var before = last.put(event.partition(), event);
        if (before != null && event.recordedAt() < before.recordedAt()) {
            throw new Violation("Position %d was recorded before the one in front of it", event.position());
        }
        if (events.put(event.eventId(), event) != null) {
            throw new Violation("Event %s is in the log twice", event.eventId());
        }
        var stream = streams.computeIfAbsent(new StreamKey(event.tenant(), event.stream()), key -> new ArrayList<>());
        stream.add(event);
        if (event.version() != stream.size()) {
            throw new Violation("%s has version %d where %d is due", event.stream(), event.version(), stream.size());
        }
        folds.accept(event);
    }

    boolean has(UUID event) {
        return events.containsKey(event);
    }

    long version(UUID event) {
        return Objects.requireNonNull(events.get(event)).version();
    }

    Map<StreamKey, List<StoredEvent>> streams() {
        return streams;
    }

    /// What stands in the log is what the cursor came by, no less and no more, and every position is taken.
    @Override
    public void checkEnd() {
        long there = 0;
        for (int partition = 0; partition < storage.partitions(); partition++) {
            int read = partition;
            var all = storage.read(snapshot -> snapshot.after(read, 0, Integer.MAX_VALUE, Long.MAX_VALUE));
            there += all.size();
            for (var event : all) {
                if (!has(event.eventId())) {
                    throw new Violation(
                            "A reader with a cursor skipped position %d of partition %d", event.position(), partition);
                }
            }
        }
        if (there != events.size()) {
            throw new Violation("Of %d events that were read %d are left", events.size(), there);
        }
        var problems = Verification.of(storage, Optional.empty(), checked -> {}).problems();
        if (!problems.isEmpty()) {
            throw new Violation("The log does not verify: %s", problems);
        }
    }
}
