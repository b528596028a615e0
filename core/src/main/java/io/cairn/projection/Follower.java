package io.cairn.projection;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Lets one generation of a projection follow one partition, step by step.
///
/// An event that makes the projection fail parks its stream, and the rest goes on. To find that event in a batch, the
/// batch is applied again event by event, which is harmless since applying is idempotent.
final class Follower {
    private final EventLog log;
    private final Projection projection;
    private final ParkedKeys parked;
    private final ProjectionSettings settings;
    private final Clock clock;
    private final int partition;
    private Instant published;
    private Instant committed;

    Follower(
            EventLog log,
            Projection projection,
            ParkedKeys parked,
            ProjectionSettings settings,
            Clock clock,
            int partition) {
        this.log = log;
        this.projection = projection;
        this.parked = parked;
        this.settings = settings;
        this.clock = clock;
        this.partition = partition;
        this.published = clock.instant();
        this.committed = clock.instant();
    }

    /// Applies one batch, and publishes and commits as is due.
    ///
    /// @return whether there was anything to apply
    boolean step() {
        var events = log.after(partition, applied(), settings.batchEventsMax(), settings.batchBytesMax());
        if (!events.isEmpty()) {
            apply(events, events.getLast().position().number());
        }
        var now = clock.instant();
        long applied = applied();
        boolean atHead = applied >= log.head(partition).number();
        if (projection.visible(partition) < applied && (atHead || due(published, settings.publishEvery(), now))) {
            projection.publish();
            published = now;
        }
        if (projection.durable(partition) < applied && due(committed, settings.commitEvery(), now)) {
            projection.commit();
            committed = now;
        }
        return !events.isEmpty();
    }

    long applied() {
        return projection.applied(partition);
    }

    boolean uncommitted() {
        return projection.durable(partition) < applied();
    }

    /// Applies what waits in a parked stream, up to where the others are.
    void retry(ParkedKeys.Parked key) {
        var waiting = new ArrayList<Event>();
        long version = key.version() - 1;
        List<Event> page;
        do {
            long after = version;
            page = log.read(key.tenant(), view -> view.stream(key.stream(), after, settings.batchEventsMax()));
            page.stream()
                    .filter(event -> event.position().number() <= applied())
                    .forEach(waiting::add);
            version = page.isEmpty() ? version : page.getLast().version();
        } while (page.size() == settings.batchEventsMax());
        for (var event : waiting) {
            try {
                projection.apply(partition, List.of(event), applied());
            } catch (TryAgainException e) {
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

    private void apply(List<Event> events, long to) {
        var free = events.stream().filter(event -> !parked.holds(event)).toList();
        try {
            projection.apply(partition, free, to);
        } catch (TryAgainException e) {
            throw e;
        } catch (RuntimeException failure) {
            free.forEach(this::applyAlone);
            projection.apply(partition, List.of(), to);
        }
    }

    private void applyAlone(Event event) {
        if (parked.holds(event)) {
            return;
        }
        try {
            projection.apply(partition, List.of(event), event.position().number());
        } catch (TryAgainException e) {
            throw e;
        } catch (RuntimeException failure) {
            parked.park(event, failure, 1, clock.instant());
        }
    }

    private static boolean due(Instant last, Duration every, Instant now) {
        return !now.isBefore(last.plus(every));
    }
}
