package io.cairn.archive;

import io.cairn.event.Appended;
import io.cairn.event.Digests;
import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.event.StoredEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/// Carries a log's events into another with any number of partitions, batch by batch.
///
/// Each partition of the target gets its share of a batch in one transaction, and the next batch begins when all have
/// theirs. So what is there after a crash is everything before some batch and a part of that one, and looking for
/// the first event that is missing, minus one batch, finds where to go on.
final class EventCopy {
    private static final long BATCH_BYTES = 8 << 20;

    private final LogStorage source;
    private final LogStorage target;
    private final EventLog log;
    private final Ids ids;
    private final Origin origin;
    private final int batch;
    private long written;

    EventCopy(LogStorage source, LogStorage target, EventLog log, Ids ids, Origin origin, int batch) {
        this.source = source;
        this.target = target;
        this.log = log;
        this.ids = ids;
        this.origin = origin;
        this.batch = batch;
    }

    /// Events that were written, by this run.
    long written() {
        return written;
    }

    /// @param progress is told the number of events that are there
    /// @return what is wrong with an event that cannot be carried over; nothing if all are there
    Optional<String> run(LongConsumer progress) {
        var to = origin.numbers();
        var behind = new ArrayList<Long>();
        for (int partition = 0; partition < to.size(); partition++) {
            behind.add(reached(partition, to.get(partition)));
        }
        long done = behind.stream().mapToLong(Long::longValue).sum();
        var events = new MergedEvents(source, behind, to);
        for (var next = events.next(batch, BATCH_BYTES); !next.isEmpty(); next = events.next(batch, BATCH_BYTES)) {
            progress.accept(done);
            var problem = write(next);
            if (problem.isPresent()) {
                return problem;
            }
            done += next.size();
        }
        progress.accept(done);
        return Optional.empty();
    }

    /// Behind which number to begin.
    private long reached(int partition, long to) {
        long present = 0;
        long absent = to + 1;
        while (absent - present > 1) {
            long middle = present + (absent - present) / 2;
            if (isThere(partition, middle)) {
                present = middle;
            } else {
                absent = middle;
            }
        }
        return Math.max(0, present - batch);
    }

    private boolean isThere(int partition, long number) {
        var event = source.read(snapshot -> snapshot.after(partition, number - 1, 1, 1)).stream()
                .findFirst();
        return event.isPresent()
                && target.read(snapshot ->
                                snapshot.find(event.get().tenant(), event.get().eventId()))
                        .isPresent();
    }

    private Optional<String> write(List<StoredEvent> events) {
        for (var event : events) {
            if (!Arrays.equals(Digests.of(event), event.digest())) {
                return Optional.of("the source's event %s (partition %d, position %d) was changed since it was written"
                        .formatted(event.eventId(), event.partition(), event.position()));
            }
        }
        for (var share : log.adoption().place(events)) {
            for (var outcome : share) {
                switch (outcome) {
                    case Appended.Written one -> written++;
                    case Appended.Duplicate duplicate -> {
                        // from a run before this one
                    }
                    case Appended.Conflict(var stream, var actual) -> {
                        return Optional.of("stream %s has %d events at the target that are not the source's"
                                .formatted(stream, actual));
                    }
                    case Appended.Unmet unmet -> throw new IllegalStateException("Nothing was expected: " + unmet);
                    case Appended.Refused refused -> throw new IllegalStateException("Nobody judged: " + refused);
                }
            }
        }
        return Optional.empty();
    }
}
