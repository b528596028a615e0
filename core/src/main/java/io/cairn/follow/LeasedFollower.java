package io.cairn.follow;

import io.cairn.event.Appended;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.Head;
import io.cairn.event.PartitionUnit;
import io.cairn.event.StorageException;
import io.cairn.event.WriteTransaction;
import io.cairn.lease.Lease;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A follower of those partitions of which this node holds the lease; other nodes follow the others.
///
/// One unit of work of the partition holds what follows from a batch of events (rows and later events), the streams
/// that the batch parks, and the checkpoint. It commits only if the lease still has the token that this node was
/// granted, nothing else was committed for the follower meanwhile, and its other conditions hold. So a node that
/// was replaced while it slept writes nothing, and outdated rows that it had read do no harm. After any doubt it
/// forgets what it has read, and reads again.
public final class LeasedFollower {
    private static final int REFUSALS_MAX = 3;

    private final EventLog log;
    private final LeasedWork work;
    private final Assignment assignment;
    private final FollowSettings settings;
    private final Clock clock;
    private final BatchAhead reading;
    private final Map<Integer, Cursor> cursors = new HashMap<>();

    /// Up to these positions the events of a partition are applied one by one, since they could not be committed
    /// together.
    private final Map<Integer, Long> careful = new HashMap<>();

    /// How often in a row a partition's next event could not be committed for a reason that may pass.
    private final Map<Integer, Integer> refusals = new HashMap<>();

    /// What this node knows of a partition that it follows.
    ///
    /// @param decisions counts the skips that it knows of
    /// @param rows that it has read or written
    private record Cursor(
            Lease lease, Checkpoint checkpoint, Checkpoint decisions, Withheld withheld, PendingRows rows) {}

    /// What became of a step.
    private enum Step {
        IDLE,
        APPLIED,
        /// Another node holds the partition by now, or an operator has acted.
        OVERTAKEN
    }

    public LeasedFollower(EventLog log, LeasedWork work, Assignment assignment, FollowSettings settings, Clock clock) {
        this.log = log;
        this.work = work;
        this.assignment = assignment;
        this.settings = settings;
        this.clock = clock;
        this.reading = new BatchAhead(log, settings);
    }

    /// Applies one batch of each partition that this node holds.
    ///
    /// @return whether there was anything to do
    public boolean step() {
        var held = log.heads().stream()
                .filter(head -> assignment.lease(head.partition()).isPresent())
                .toList();
        boolean busy = false;
        for (int at = 0; at < held.size(); at++) {
            busy |= step(held, at);
        }
        return busy;
    }

    private boolean step(List<Head> held, int at) {
        var lease = assignment.lease(held.get(at).partition());
        if (lease.isEmpty()) {
            return false;
        }
        return switch (step(held, at, lease.get())) {
            case IDLE -> false;
            case APPLIED -> true;
            case OVERTAKEN -> {
                assignment.doubt();
                yield true;
            }
        };
    }

    /// @param held heads of the partitions that this node holds
    /// @param at which of them
    private Step step(List<Head> held, int at, Lease lease) {
        var cursor = cursor(lease);
        int partition = lease.partition();
        long from = cursor.checkpoint().position();
        if (cursor.checkpoint().revision() == 0 && work.reaction().beginning() == Reaction.Beginning.END) {
            return begin(cursor, held.get(at));
        }
        if (from >= held.get(at).number()) {
            return Step.IDLE;
        }
        boolean one = from < careful.getOrDefault(partition, 0L);
        var events = one
                ? log.feed().after(partition, from, 1, settings.batchBytesMax())
                : reading.next(held, at, other -> other == partition ? from : reached(other));
        return events.isEmpty() ? Step.IDLE : apply(cursor, events);
    }

    /// Begins behind what is there, unless it has begun in the log that this one was made of: then it goes on from
    /// there.
    private Step begin(Cursor cursor, Head head) {
        var marks = work.marks(log);
        if (marks.carried()) {
            return commit(cursor, work.effects(cursor.rows()), 0);
        }
        marks.begin(cursor.lease(), head);
        return commit(cursor, work.effects(cursor.rows()), head.number());
    }

    /// The position that a partition has reached, as this node knows it. It need not read ahead for a partition
    /// that it has not yet begun.
    private long reached(int partition) {
        var known = cursors.get(partition);
        return known == null ? Long.MAX_VALUE : known.checkpoint().position();
    }

    private Cursor cursor(Lease lease) {
        var known = cursors.get(lease.partition());
        return known != null && known.lease().equals(lease)
                ? known
                : at(lease, work.checkpoint(log, lease.partition()), work.decisions(log, lease.partition()));
    }

    private Cursor at(Lease lease, Checkpoint checkpoint, Checkpoint decisions) {
        return new Cursor(lease, checkpoint, decisions, Withheld.by(work, log), work.rows(log, checkpoint));
    }

    private Step apply(Cursor cursor, List<Event> events) {
        cursors.remove(cursor.lease().partition());
        boolean nothingOfIt = events.size() == 1 && cursor.withheld().holds(events.getFirst());
        var effects = work.effects(cursor.rows());
        try {
            long to = take(events, effects, cursor.withheld());
            return commit(cursor, effects, to);
        } catch (StorageException e) {
            if (e.kind() != StorageException.Kind.BROKEN || nothingOfIt) {
                throw e;
            }
            return oneByOne(cursor, events, e);
        } catch (Refusal e) {
            return refused(cursor, events, effects, e);
        } catch (IllegalArgumentException e) {
            // The log does not take such a unit of work: it is too large, or not in this partition.
            return oneByOne(cursor, events, e);
        }
    }

    private Step refused(Cursor cursor, List<Event> events, PendingEffects effects, Refusal refusal) {
        int partition = cursor.lease().partition();
        if (events.size() == 1 && refusal.isRepetition(effects.events())) {
            var nothing = work.effects(PendingRows.over(log));
            nothing.seen(events.getFirst());
            return commit(anew(cursor), nothing, position(events.getFirst()));
        }
        if (events.size() == 1 && refusal.mayPass() && refusals.merge(partition, 1, Integer::sum) < REFUSALS_MAX) {
            return Step.APPLIED;
        }
        return oneByOne(cursor, events, refusal);
    }

    /// Tries each of the events alone, since one of them may be what cannot be committed. That one is parked.
    private Step oneByOne(Cursor cursor, List<Event> events, RuntimeException failure) {
        if (events.size() > 1) {
            careful.put(cursor.lease().partition(), position(events.getLast()));
            return Step.APPLIED;
        }
        // A broken store refuses this commit too, and then nothing is parked.
        return commit(anew(cursor), parking(cursor, events.getFirst(), failure), position(events.getFirst()));
    }

    private Cursor anew(Cursor cursor) {
        return at(cursor.lease(), cursor.checkpoint(), cursor.decisions());
    }

    private static long position(Event event) {
        return event.position().number();
    }

    /// @return the position up to which it took events in; the next event may need a unit of work of its own
    private long take(List<Event> events, PendingEffects effects, Withheld withheld) {
        long reached = 0;
        for (var event : events) {
            if (!withheld.holds(event) && !taken(event, effects, withheld.parked())) {
                return reached;
            }
            effects.seen(event);
            reached = position(event);
        }
        return reached;
    }

    private boolean taken(Event event, PendingEffects effects, ParkedKeys parked) {
        try {
            return effects.take(event);
        } catch (TryAgainException | StorageException e) {
            throw e;
        } catch (RuntimeException failure) {
            effects.add(event.tenant(), parked.put(event, failure, 1, clock.instant()));
            parked.parked(event);
            return true;
        }
    }

    /// Brings the follower to a position, within a transaction that holds all partitions still.
    public void catchUp(WriteTransaction transaction, int partition, long to) {
        var checkpoint = Checkpoint.read(transaction, work.name(), work.generation(), partition);
        if (checkpoint.position() >= to) {
            return;
        }
        var effects = work.effects(work.rows(log, checkpoint));
        var withheld = Withheld.by(work, log);
        long from = checkpoint.position();
        while (from < to) {
            int most = (int) Math.min(settings.batch().many(), to - from);
            var events = log.feed().after(partition, from, most, settings.batchBytesMax());
            from = take(events, effects, withheld);
        }
        effects.changes().forEach(change -> transaction.change(change.tenant(), change.row()));
        var moved = checkpoint.at(from).put();
        transaction.change(moved.tenant(), moved.row());
    }

    private PendingEffects parking(Cursor cursor, Event event, RuntimeException failure) {
        var effects = work.effects(PendingRows.over(log));
        effects.add(event.tenant(), cursor.withheld().parked().put(event, failure, 1, clock.instant()));
        effects.seen(event);
        return effects;
    }

    private Step commit(Cursor cursor, PendingEffects effects, long to) {
        var moved = cursor.checkpoint().at(to);
        var changes = new ArrayList<>(effects.changes());
        changes.addAll(cursor.withheld().marks().put(effects.lastSeen()));
        changes.add(moved.put());
        var expectations = new ArrayList<>(List.of(
                cursor.lease().fence(),
                cursor.checkpoint().unchanged(),
                cursor.decisions().unchanged()));
        expectations.addAll(work.conditions());
        expectations.addAll(effects.expectations());
        int partition = cursor.lease().partition();
        var outcome = log.feed().append(new PartitionUnit(partition, effects.appends(), expectations, changes));
        return switch (outcome) {
            case Appended.Written written -> {
                cursors.put(partition, moved(cursor, moved));
                refusals.remove(partition);
                yield Step.APPLIED;
            }
            case Appended.Unmet unmet -> {
                if (effects.expects(unmet.expectation())) {
                    throw new Refusal(unmet);
                }
                yield Step.OVERTAKEN;
            }
            case Appended.Conflict conflict -> throw new Refusal(conflict);
            case Appended.Duplicate duplicate -> throw new Refusal(duplicate);
            case Appended.Refused refused -> throw new Refusal(refused);
        };
    }

    private Cursor moved(Cursor cursor, Checkpoint to) {
        cursor.rows().committed();
        var rows = work.alone() ? cursor.rows() : PendingRows.over(log);
        return new Cursor(cursor.lease(), to, cursor.decisions(), cursor.withheld(), rows);
    }

    /// Applies what waits in parked streams, as far as it goes, under the lease of their partition, which it seizes.
    ///
    /// @param key a single stream, or null for all
    /// @return how many were retried and are parked no more
    public int retry(Tenant tenant, @Nullable String key) {
        var waiting = work.parked(log).list(tenant, null, Integer.MAX_VALUE).stream()
                .map(Parked::key)
                .filter(waits -> key == null || waits.equals(key))
                .toList();
        if (waiting.isEmpty()) {
            return 0;
        }
        var unparking = unparking(seized(tenant));
        return (int)
                waiting.stream().filter(waits -> unparking.retry(tenant, waits)).count();
    }

    /// Skips what waits in a parked stream, under the lease of its partition, which it seizes.
    public Skipped skip(Context context, String key) {
        return skip(seized(context.tenant()), context, key);
    }

    /// The same under a lease that this node has seized.
    public Skipped skip(Lease lease, Context context, String key) {
        return unparking(lease).skip(context, key);
    }

    private Lease seized(Tenant tenant) {
        return assignment.seize(log.partition(tenant)).orElseThrow();
    }

    private Unparking unparking(Lease lease) {
        cursors.remove(lease.partition());
        return new Unparking(log, work, lease, clock);
    }

    /// Ends what goes on in other threads.
    public void end() {
        reading.end();
    }
}
