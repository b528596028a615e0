package io.cairn.projection;

import io.cairn.event.Appended;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.Head;
import io.cairn.event.PartitionUnit;
import io.cairn.event.StorageException;
import io.cairn.event.WriteTransaction;
import io.cairn.lease.Lease;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Lets one generation of a shared projection follow those partitions of which this node holds the lease.
///
/// What follows from a batch of events, the streams that the batch parks and the checkpoint are one unit of work of the
/// partition. It commits only if the lease's token is still the last one granted, nothing else was committed for the
/// generation meanwhile, and its tables are where they were. So an owner that was replaced while it slept writes
/// nothing, and what it believed of the rows that it had read does no harm. After any doubt the owner forgets what it
/// believed and reads again.
final class SharedFollower {
    private final EventLog log;
    private final SharedGeneration generation;
    private final ProjectionSettings settings;
    private final Clock clock;
    private final ReadAhead reading;
    private final Map<Integer, Cursor> cursors = new HashMap<>();
    private final Map<Integer, Long> careful = new HashMap<>();

    /// What the owner of a partition believes.
    ///
    /// @param decisions counts the skips that it knows of, whichever generation they were decided for
    /// @param rows that it has read or written
    private record Cursor(
            Lease lease,
            Checkpoint checkpoint,
            Checkpoint decisions,
            ParkedKeys parked,
            SkippedEvents skipped,
            PendingRows rows) {
        boolean withholds(Event event) {
            return parked.holds(event) || skipped.hold(event);
        }

        Cursor at(Checkpoint moved) {
            rows.committed();
            return new Cursor(lease, moved, decisions, parked, skipped, rows);
        }
    }

    /// What became of a step.
    enum Step {
        IDLE,
        APPLIED,
        /// Somebody else owns the partition now, or an operator has acted.
        OVERTAKEN
    }

    SharedFollower(EventLog log, SharedGeneration generation, ProjectionSettings settings, Clock clock) {
        this.log = log;
        this.generation = generation;
        this.settings = settings;
        this.clock = clock;
        this.reading = new ReadAhead(log, settings);
    }

    /// Applies one batch of one of the partitions that this node holds.
    ///
    /// @param heads of these partitions
    /// @param at which of them
    /// @param lease of that one
    Step step(List<Head> heads, int at, Lease lease) {
        var cursor = cursor(lease);
        int partition = lease.partition();
        long from = cursor.checkpoint().position();
        if (from >= heads.get(at).number()) {
            return Step.IDLE;
        }
        boolean one = from < careful.getOrDefault(partition, 0L);
        var events = one
                ? log.feed().after(partition, from, 1, settings.batchBytesMax())
                : reading.next(heads, at, other -> other == partition ? from : reached(other));
        return events.isEmpty() ? Step.IDLE : apply(cursor, events);
    }

    /// How far this node knows that a partition has come; of one that it has not yet begun it need not read ahead.
    private long reached(int partition) {
        var known = cursors.get(partition);
        return known == null ? Long.MAX_VALUE : known.checkpoint().position();
    }

    private Cursor cursor(Lease lease) {
        var known = cursors.get(lease.partition());
        return known != null && known.lease().equals(lease) ? known : read(lease);
    }

    private Cursor read(Lease lease) {
        return at(lease, generation.checkpoint(lease.partition()), generation.decisions(lease.partition()));
    }

    private Cursor at(Lease lease, Checkpoint checkpoint, Checkpoint decisions) {
        return new Cursor(
                lease, checkpoint, decisions, generation.parked(), generation.skipped(), generation.rows(checkpoint));
    }

    private Step apply(Cursor cursor, List<Event> events) {
        cursors.remove(cursor.lease().partition());
        long to = events.getLast().position().number();
        boolean nothingOfIt = events.size() == 1 && cursor.withholds(events.getFirst());
        try {
            var effects = generation.effects(cursor.rows());
            take(events, effects, cursor.parked(), cursor.skipped());
            return commit(cursor, effects, to);
        } catch (StorageException e) {
            if (e.kind() != StorageException.Kind.BROKEN || nothingOfIt) {
                throw e;
            }
            if (events.size() > 1) {
                // One of them may be what the store cannot take: each is tried alone.
                careful.put(cursor.lease().partition(), to);
                return Step.APPLIED;
            }
            // A store that takes this is not broken; one that is refuses it too, and nothing is parked.
            var anew = at(cursor.lease(), cursor.checkpoint(), cursor.decisions());
            return commit(anew, parking(cursor, events.getFirst(), e), to);
        }
    }

    private void take(List<Event> events, Effects effects, ParkedKeys parked, SkippedEvents skipped) {
        for (var event : events) {
            if (parked.holds(event) || skipped.hold(event)) {
                continue;
            }
            try {
                effects.take(event);
            } catch (TryAgainException | StorageException e) {
                throw e;
            } catch (RuntimeException failure) {
                effects.add(event.tenant(), parked.put(event, failure, 1, clock.instant()));
                parked.parked(event);
            }
        }
    }

    /// Brings the generation to a position within a transaction that holds every partition still.
    void catchUp(WriteTransaction transaction, int partition, long to) {
        var checkpoint = Checkpoint.read(transaction, generation.projection(), generation.number(), partition);
        if (checkpoint.position() >= to) {
            return;
        }
        var effects = generation.effects(generation.rows(checkpoint));
        var parked = generation.parked();
        var skipped = generation.skipped();
        long from = checkpoint.position();
        while (from < to) {
            int most = (int) Math.min(settings.batch().many(), to - from);
            var events = log.feed().after(partition, from, most, settings.batchBytesMax());
            take(events, effects, parked, skipped);
            from = events.getLast().position().number();
        }
        effects.changes().forEach(change -> transaction.change(change.tenant(), change.row()));
        var moved = checkpoint.at(from).put();
        transaction.change(moved.tenant(), moved.row());
    }

    private Effects parking(Cursor cursor, Event event, RuntimeException failure) {
        var effects = generation.effects(PendingRows.over(log));
        effects.add(event.tenant(), cursor.parked().put(event, failure, 1, clock.instant()));
        return effects;
    }

    private Step commit(Cursor cursor, Effects effects, long to) {
        var moved = cursor.checkpoint().at(to);
        var changes = new ArrayList<>(effects.changes());
        changes.add(moved.put());
        var outcome = log.feed()
                .append(new PartitionUnit(
                        cursor.lease().partition(),
                        List.of(
                                cursor.lease().fence(),
                                cursor.checkpoint().unchanged(),
                                cursor.decisions().unchanged(),
                                generation.inPlace()),
                        changes));
        return switch (outcome) {
            case Appended.Written written -> {
                cursors.put(cursor.lease().partition(), cursor.at(moved));
                yield Step.APPLIED;
            }
            case Appended.Unmet unmet -> Step.OVERTAKEN;
            case Appended.Conflict other -> throw unexpected(other);
            case Appended.Duplicate other -> throw unexpected(other);
            case Appended.Refused other -> throw unexpected(other);
        };
    }

    /// Lets nothing go on in other threads.
    void end() {
        reading.end();
    }

    private static IllegalStateException unexpected(Appended outcome) {
        return new IllegalStateException("A unit without events came to " + outcome);
    }
}
