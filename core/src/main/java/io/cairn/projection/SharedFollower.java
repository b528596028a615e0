package io.cairn.projection;

import io.cairn.event.Appended;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.PartitionUnit;
import io.cairn.event.StorageException;
import io.cairn.lease.Lease;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Lets a shared projection follow those partitions of which this node holds the lease.
///
/// What follows from a batch of events, the streams that the batch parks and the checkpoint are one unit of work of the
/// partition. It commits only if the lease's token is still the last one granted and nothing else was committed for the
/// projection meanwhile. So an owner that was replaced while it slept writes nothing, and what it believed of the rows
/// that it had read does no harm. After any doubt the owner forgets what it believed and reads again.
final class SharedFollower {
    private final EventLog log;
    private final RowProjection projection;
    private final ProjectionSettings settings;
    private final Clock clock;
    private final Map<Integer, Cursor> cursors = new HashMap<>();
    private final Map<Integer, Long> careful = new HashMap<>();

    /// What the owner of a partition believes.
    private record Cursor(Lease lease, Checkpoint checkpoint, ParkedKeys parked, SkippedEvents skipped) {
        boolean withholds(Event event) {
            return parked.holds(event) || skipped.hold(event);
        }

        Cursor at(Checkpoint moved) {
            return new Cursor(lease, moved, parked, skipped);
        }
    }

    /// What became of a step.
    enum Step {
        IDLE,
        APPLIED,
        /// Somebody else owns the partition now, or an operator has acted.
        OVERTAKEN
    }

    SharedFollower(EventLog log, RowProjection projection, ProjectionSettings settings, Clock clock) {
        this.log = log;
        this.projection = projection;
        this.settings = settings;
        this.clock = clock;
    }

    /// Applies one batch.
    ///
    /// @param head the partition's last position
    Step step(Lease lease, long head) {
        var cursor = cursor(lease);
        long from = cursor.checkpoint().position();
        if (from >= head) {
            return Step.IDLE;
        }
        boolean one = from < careful.getOrDefault(lease.partition(), 0L);
        int most = one ? 1 : settings.batch().of(head - from);
        var events = log.after(lease.partition(), from, most, settings.batchBytesMax());
        return events.isEmpty() ? Step.IDLE : apply(cursor, events);
    }

    private Cursor cursor(Lease lease) {
        var known = cursors.get(lease.partition());
        return known != null && known.lease().equals(lease) ? known : read(lease);
    }

    private Cursor read(Lease lease) {
        return at(lease, Checkpoint.read(log, projection.name(), lease.partition()));
    }

    private Cursor at(Lease lease, Checkpoint checkpoint) {
        var name = projection.name();
        return new Cursor(
                lease,
                checkpoint,
                new ParkedKeys(log, name, SharedProjection.GENERATION),
                new SkippedEvents(log, name));
    }

    private Step apply(Cursor cursor, List<Event> events) {
        cursors.remove(cursor.lease().partition());
        long to = events.getLast().position().number();
        boolean nothingOfIt = events.size() == 1 && cursor.withholds(events.getFirst());
        try {
            return commit(cursor, effects(cursor, events), to);
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
            return commit(at(cursor.lease(), cursor.checkpoint()), parking(cursor, events.getFirst(), e), to);
        }
    }

    private Effects effects(Cursor cursor, List<Event> events) {
        var effects = new Effects(log, projection);
        for (var event : events) {
            if (cursor.withholds(event)) {
                continue;
            }
            try {
                effects.take(event);
            } catch (TryAgainException | StorageException e) {
                throw e;
            } catch (RuntimeException failure) {
                effects.add(event, cursor.parked().put(event, failure, 1, clock.instant()));
                cursor.parked().parked(event);
            }
        }
        return effects;
    }

    private Effects parking(Cursor cursor, Event event, RuntimeException failure) {
        var effects = new Effects(log, projection);
        effects.add(event, cursor.parked().put(event, failure, 1, clock.instant()));
        return effects;
    }

    private Step commit(Cursor cursor, Effects effects, long to) {
        var moved = cursor.checkpoint().at(to);
        var changes = new ArrayList<>(effects.changes());
        changes.add(moved.put());
        var outcome = log.append(new PartitionUnit(
                cursor.lease().partition(),
                List.of(cursor.lease().fence(), cursor.checkpoint().unchanged()),
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

    private static IllegalStateException unexpected(Appended outcome) {
        return new IllegalStateException("A unit without events came to " + outcome);
    }
}
