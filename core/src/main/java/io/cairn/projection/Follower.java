package io.cairn.projection;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.Head;
import io.cairn.event.StorageException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Lets one generation of a projection follow every partition of the log, step by step.
///
/// An event that makes the projection fail parks its stream, and the rest goes on. To find that event in
/// a batch, the batch is applied again event by event, which is harmless since applying is idempotent. A
/// store that fails is not the event's fault: then nothing is parked, and all of it is tried again.
final class Follower {
    private final EventLog log;
    private final Projection projection;
    private final ParkedKeys parked;
    private final SkippedEvents skipped;
    private final ProjectionSettings settings;
    private final Clock clock;
    private Instant published;
    private Instant committed;

    Follower(
            EventLog log,
            Projection projection,
            ParkedKeys parked,
            SkippedEvents skipped,
            ProjectionSettings settings,
            Clock clock) {
        this.log = log;
        this.projection = projection;
        this.parked = parked;
        this.skipped = skipped;
        this.settings = settings;
        this.clock = clock;
        this.published = clock.instant();
        this.committed = clock.instant();
    }

    /// Applies one batch of each partition, and publishes and commits as is due.
    ///
    /// @return whether there was anything to apply
    boolean step() {
        var heads = log.heads();
        boolean busy = false;
        for (var head : heads) {
            busy |= step(head);
        }
        var now = clock.instant();
        if (publishable(heads, due(published, settings.publishEvery(), now))) {
            projection.publish();
            published = now;
        }
        if (uncommitted() && due(committed, settings.commitEvery(), now)) {
            projection.commit();
            committed = now;
        }
        return busy;
    }

    private boolean step(Head head) {
        int partition = head.partition();
        long applied = applied(partition);
        if (applied >= head.number()) {
            return false;
        }
        var events = log.after(partition, applied, settings.batchEventsMax(), settings.batchBytesMax());
        if (!events.isEmpty()) {
            apply(partition, events, events.getLast().position().number());
        }
        return !events.isEmpty();
    }

    /// Readers see a partition's end at once, and progress on the way there now and then.
    private boolean publishable(List<Head> heads, boolean due) {
        return heads.stream().anyMatch(head -> {
            long applied = applied(head.partition());
            return projection.visible(head.partition()) < applied && (due || applied >= head.number());
        });
    }

    ParkedKeys parked() {
        return parked;
    }

    long applied(int partition) {
        return projection.applied(partition);
    }

    /// Whether it has come as far as another generation, in every partition.
    boolean reached(Follower other) {
        return log.heads().stream()
                .mapToInt(Head::partition)
                .allMatch(partition -> applied(partition) >= other.applied(partition));
    }

    boolean uncommitted() {
        return log.heads().stream()
                .mapToInt(Head::partition)
                .anyMatch(partition -> projection.durable(partition) < applied(partition));
    }

    /// Applies what waits in a parked stream, up to where the others are.
    void retry(ParkedKeys.Parked key) {
        int partition = log.partition(key.tenant());
        for (var event : waiting(key, applied(partition))) {
            try {
                projection.apply(partition, List.of(event), applied(partition));
            } catch (TryAgainException | StorageException e) {
                throw e;
            } catch (RuntimeException failure) {
                parked.park(event, failure, key.attempts() + 1, clock.instant());
                projection.publish();
                return;
            }
        }
        projection.publish();
        projection.commit();
        parked.release(key);
    }

    private List<Event> waiting(ParkedKeys.Parked key, long upTo) {
        var waiting = new ArrayList<Event>();
        long version = key.version() - 1;
        List<Event> page;
        do {
            long after = version;
            page = log.read(key.tenant(), view -> view.stream(key.stream(), after, settings.batchEventsMax()));
            page.stream()
                    .filter(event -> event.position().number() <= upTo && !skipped.hold(event))
                    .forEach(waiting::add);
            version = page.isEmpty() ? version : page.getLast().version();
        } while (page.size() == settings.batchEventsMax());
        return waiting;
    }

    private void apply(int partition, List<Event> events, long to) {
        var free = events.stream().filter(event -> !withheld(event)).toList();
        try {
            projection.apply(partition, free, to);
        } catch (TryAgainException | StorageException e) {
            throw e;
        } catch (RuntimeException failure) {
            free.forEach(event -> applyAlone(partition, event));
            projection.apply(partition, List.of(), to);
        }
    }

    private void applyAlone(int partition, Event event) {
        if (withheld(event)) {
            return;
        }
        try {
            projection.apply(partition, List.of(event), event.position().number());
        } catch (TryAgainException | StorageException e) {
            throw e;
        } catch (RuntimeException failure) {
            parked.park(event, failure, 1, clock.instant());
        }
    }

    private boolean withheld(Event event) {
        return parked.holds(event) || skipped.hold(event);
    }

    private static boolean due(Instant last, Duration every, Instant now) {
        return !now.isBefore(last.plus(every));
    }
}
