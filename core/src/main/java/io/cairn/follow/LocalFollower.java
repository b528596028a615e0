package io.cairn.follow;

import io.cairn.batch.BatchProgress;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.Head;
import io.cairn.event.StorageException;
import io.cairn.lease.Lease;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// A follower for something that remembers by itself how far it has come, such as an index of this node.
///
/// An event that makes it fail parks its stream, and the rest goes on. To find that event in a batch, the batch is
/// applied again event by event, which is harmless since applying is idempotent. A store that fails is not the
/// event's fault: nothing is parked then, and the whole batch is tried again.
public final class LocalFollower {
    private final EventLog log;
    private final EventSink sink;
    private final Assignment assignment;
    private final ParkedKeys parked;
    private final SkippedEvents skipped;
    private final FollowSettings settings;
    private final Clock clock;
    private final String name;
    private final Map<Integer, Lease> leases = new HashMap<>();
    private final BatchAhead reading;
    private BatchProgress progress;
    private boolean read = true;
    private long failures;
    private Instant published;
    private Instant committed;

    public LocalFollower(
            String name,
            EventLog log,
            EventSink sink,
            Assignment assignment,
            ParkedKeys parked,
            SkippedEvents skipped,
            FollowSettings settings,
            Clock clock) {
        this.name = name;
        this.progress = new BatchProgress(name, clock);
        this.log = log;
        this.reading = new BatchAhead(log, settings);
        this.sink = sink;
        this.assignment = assignment;
        this.parked = parked;
        this.skipped = skipped;
        this.settings = settings;
        this.clock = clock;
        this.published = clock.instant();
        this.committed = clock.instant();
    }

    /// Marks a generation that nobody reads yet, so that it is not published on the way.
    public LocalFollower building() {
        read = false;
        return this;
    }

    /// Marks that the generation has readers from now on.
    public LocalFollower takenOver() {
        read = true;
        return this;
    }

    /// Applies one batch of each partition that it follows, and publishes and commits as is due.
    ///
    /// @return whether there was anything to apply
    public boolean step() {
        sink.mend();
        var heads =
                log.heads().stream().filter(head -> follows(head.partition())).toList();
        long behind = heads.stream().mapToLong(this::behind).sum();
        long parkedBefore = failures;
        long taken = IntStream.range(0, heads.size())
                .mapToLong(at -> step(heads, at))
                .sum();
        note(taken, failures - parkedBefore, behind - taken);
        var now = clock.instant();
        if (publishable(heads, read && due(published, settings.publishEvery(), now))) {
            sink.publish();
            published = now;
        }
        if (uncommitted() && due(committed, settings.commitEvery(), now)) {
            sink.commit();
            committed = now;
        }
        return taken > 0;
    }

    /// Under a new lease it begins where the last holder was, with the streams that were parked and the skips that
    /// were decided since.
    private boolean follows(int partition) {
        var lease = assignment.lease(partition);
        lease.filter(granted -> !granted.equals(leases.get(partition))).ifPresent(granted -> {
            skipped.refresh();
            parked.under(granted);
            sink.under(granted);
            leases.put(partition, granted);
        });
        return assignment.holds(partition);
    }

    /// Follows a partition from now on, even if another node did.
    public void seize(int partition) {
        assignment.seize(partition);
        follows(partition);
    }

    private long behind(Head head) {
        return Math.max(0, head.number() - applied(head.partition()));
    }

    /// @param at which of the partitions
    /// @return how many events of the partition it took in
    private long step(List<Head> heads, int at) {
        var head = heads.get(at);
        if (behind(head) == 0) {
            return 0;
        }
        int partition = head.partition();
        var events = reading.next(heads, at, this::applied);
        if (!events.isEmpty()) {
            long to = events.getLast().position().number();
            log.operation(() -> "a step of " + name, events.size(), () -> {
                apply(partition, events, to);
                return events;
            });
        }
        return events.size();
    }

    /// A follower that keeps up applies one batch at a time, which is not worth a line in the log.
    private void note(long taken, long failed, long remaining) {
        if (taken > 0) {
            progress.batch(taken, failed, Math.max(0, remaining));
        }
        if (remaining <= 0) {
            progress.end();
            progress = new BatchProgress(name, clock);
        }
    }

    /// Readers see a partition's end at once, and progress on the way there now and then.
    private boolean publishable(List<Head> heads, boolean due) {
        return heads.stream().anyMatch(head -> {
            long applied = applied(head.partition());
            return sink.visible(head.partition()) < applied && (due || applied >= head.number());
        });
    }

    public ParkedKeys parked() {
        return parked;
    }

    public long applied(int partition) {
        return sink.applied(partition);
    }

    /// Whether it has come as far as another generation, in every partition.
    public boolean reached(LocalFollower other) {
        return log.heads().stream()
                .mapToInt(Head::partition)
                .allMatch(partition -> applied(partition) >= other.applied(partition));
    }

    public boolean uncommitted() {
        return log.heads().stream()
                .mapToInt(Head::partition)
                .anyMatch(partition -> sink.durable(partition) < applied(partition));
    }

    /// Applies the events that wait in a parked stream, up to where the other streams are.
    ///
    /// If an event fails again, the events before it are committed first, so that the next retry begins behind
    /// them.
    public void retry(Parked key) {
        skipped.refresh();
        int partition = log.partition(key.tenant());
        for (var event : waiting(key, applied(partition))) {
            try {
                sink.apply(partition, List.of(event), applied(partition));
            } catch (TryAgainException | StorageException e) {
                throw e;
            } catch (RuntimeException failure) {
                sink.publish();
                sink.commit();
                parked.park(event, failure, key.attempts() + 1, clock.instant());
                return;
            }
        }
        sink.publish();
        sink.commit();
        parked.release(key);
    }

    private List<Event> waiting(Parked key, long upTo) {
        var waiting = new ArrayList<Event>();
        long version = key.version() - 1;
        List<Event> page;
        do {
            long after = version;
            page = log.read(
                    key.tenant(),
                    view -> view.stream(key.stream(), after, settings.batch().many()));
            page.stream()
                    .filter(event -> event.position().number() <= upTo && !skipped.hold(event))
                    .forEach(waiting::add);
            version = page.isEmpty() ? version : page.getLast().version();
        } while (page.size() == settings.batch().many());
        return waiting;
    }

    private void apply(int partition, List<Event> events, long to) {
        var free = events.stream().filter(event -> !withheld(event)).toList();
        try {
            sink.apply(partition, free, to);
        } catch (TryAgainException | StorageException e) {
            throw e;
        } catch (RuntimeException failure) {
            free.forEach(event -> applyAlone(partition, event));
            sink.apply(partition, List.of(), to);
        }
    }

    private void applyAlone(int partition, Event event) {
        if (withheld(event)) {
            return;
        }
        try {
            sink.apply(partition, List.of(event), event.position().number());
        } catch (TryAgainException | StorageException e) {
            throw e;
        } catch (RuntimeException failure) {
            parkUnlessSkipped(event, failure);
        }
    }

    /// Another node may have met this event before, and an operator may have skipped it there.
    private void parkUnlessSkipped(Event event, RuntimeException failure) {
        skipped.refresh();
        if (!skipped.hold(event)) {
            failures++;
            parked.park(event, failure, 1, clock.instant());
        }
    }

    private boolean withheld(Event event) {
        return parked.holds(event) || skipped.hold(event);
    }

    /// Ends what goes on in other threads.
    public void end() {
        reading.end();
    }

    private static boolean due(Instant last, Duration every, Instant now) {
        return !now.isBefore(last.plus(every));
    }
}
