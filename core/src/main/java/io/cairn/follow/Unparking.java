package io.cairn.follow;

import io.cairn.event.Appended;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.PartitionUnit;
import io.cairn.event.StorageException;
import io.cairn.lease.Lease;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Clock;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// What operators do with the parked streams of a leased follower: they retry or skip them.
///
/// It happens under the lease of the partition, which the asked node has seized. Each version of a projection has a
/// lease of its own, but a skip holds for all versions. So skips are counted, and a commit for another version
/// expects that none was decided meanwhile.
final class Unparking {
    private static final int ATTEMPTS_MAX = 10;
    private static final int EVENTS_MAX = 1000;

    private final EventLog log;
    private final LeasedWork work;
    private final Lease lease;
    private final Clock clock;

    Unparking(EventLog log, LeasedWork work, Lease lease, Clock clock) {
        this.log = log;
        this.work = work;
        this.lease = lease;
        this.clock = clock;
    }

    /// Applies the events that wait in a parked stream, as far as it can.
    ///
    /// @return whether it is parked no more
    boolean retry(Tenant tenant, String key) {
        int most = EVENTS_MAX;
        while (true) {
            int events = most;
            try {
                var ended = committed(() -> retried(tenant, key, events));
                if (ended.isPresent()) {
                    return ended.get();
                }
            } catch (Refusal | IllegalArgumentException refused) {
                if (events == 1) {
                    return committed(() -> refusedAgain(tenant, key, refused));
                }
                most = 1;
            }
        }
    }

    /// One unit of work of a retry.
    ///
    /// @param most events that it takes in
    /// @return nothing if more is to be done
    private Attempt<Optional<Boolean>> retried(Tenant tenant, String key, int most) {
        var checkpoint = work.checkpoint(log, lease.partition());
        var parked = work.parked(log);
        var found = find(parked, tenant, key);
        var effects = work.effects(PendingRows.over(log));
        if (found.isEmpty()) {
            return new Attempt<>(List.of(checkpoint), effects, Optional.of(false));
        }
        var waits = found.get();
        var skipped = work.skipped(log);
        var marks = work.marks(log);
        var waiting =
                log.<List<Event>>read(tenant, view -> view.stream(waits.stream(), waits.version() - 1, most)).stream()
                        .filter(event -> event.position().number() <= checkpoint.position() || marks.hold(event))
                        .toList();
        Event last = null;
        for (var event : waiting) {
            try {
                if (!skipped.hold(event) && !effects.take(event)) {
                    break;
                }
                last = event;
            } catch (TryAgainException | StorageException e) {
                throw e;
            } catch (RuntimeException failure) {
                effects.add(tenant, parked.put(event, failure, waits.attempts() + 1, clock.instant()));
                return new Attempt<>(List.of(checkpoint), effects, Optional.of(false));
            }
        }
        if (last != null && (waiting.size() == most || !last.equals(waiting.getLast()))) {
            effects.add(tenant, parked.moved(waits, last));
            return new Attempt<>(List.of(checkpoint), effects, Optional.empty());
        }
        effects.add(tenant, parked.remove(waits));
        return new Attempt<>(List.of(checkpoint), effects, Optional.of(true));
    }

    /// Parks the stream again, since its first event still cannot be committed.
    private Attempt<Boolean> refusedAgain(Tenant tenant, String key, RuntimeException failure) {
        var checkpoint = work.checkpoint(log, lease.partition());
        var parked = work.parked(log);
        var effects = work.effects(PendingRows.over(log));
        find(parked, tenant, key)
                .flatMap(waits ->
                        log
                                .<List<Event>>read(tenant, view -> view.stream(waits.stream(), waits.version() - 1, 1))
                                .stream()
                                .findFirst()
                                .map(event -> parked.put(event, failure, waits.attempts() + 1, clock.instant())))
                .ifPresent(change -> effects.add(tenant, change));
        return new Attempt<>(List.of(checkpoint), effects, false);
    }

    /// Skips what waits in a parked stream, up to its end as it is now.
    Skipped skip(Context context, String key) {
        return committed(() -> {
            var tenant = context.tenant();
            var read = List.of(work.checkpoint(log, lease.partition()), work.decisions(log, lease.partition()));
            var parked = work.parked(log);
            var found = find(parked, tenant, key);
            if (found.isEmpty()) {
                return new Attempt<Skipped>(read, work.effects(PendingRows.over(log)), new Skipped.NotParked());
            }
            var waits = found.get();
            long to = log.<Long>read(tenant, view -> view.version(waits.stream()));
            var skip = work.skipped(log).change(waits.stream(), waits.version(), to, context.actor(), clock.instant());
            var effects = work.effects(PendingRows.over(log));
            effects.add(tenant, skip);
            effects.add(tenant, parked.remove(waits));
            return new Attempt<Skipped>(read, effects, new Skipped.Done(to - waits.version() + 1));
        });
    }

    private static Optional<Parked> find(ParkedKeys parked, Tenant tenant, String key) {
        return parked.list(tenant, null, Integer.MAX_VALUE).stream()
                .filter(waits -> waits.key().equals(key))
                .findFirst();
    }

    /// What is to be committed on top of what was read.
    private record Attempt<T>(List<Checkpoint> read, PendingEffects effects, T result) {}

    private <T> T committed(Supplier<Attempt<T>> work) {
        for (int attempts = 0; attempts < ATTEMPTS_MAX; attempts++) {
            var attempt = work.get();
            if (attempt.effects().changes().isEmpty() || committed(attempt)) {
                return attempt.result();
            }
        }
        throw new StorageException(
                StorageException.Kind.BUSY,
                "%s moved under each of %d attempts to change what it has parked; try again"
                        .formatted(this.work.name(), ATTEMPTS_MAX),
                new ConcurrentModificationException());
    }

    private boolean committed(Attempt<?> attempt) {
        var expectations = new ArrayList<>(List.of(lease.fence()));
        expectations.addAll(work.conditions());
        var changes = new ArrayList<>(attempt.effects().changes());
        for (var read : attempt.read()) {
            expectations.add(read.unchanged());
            changes.add(read.at(read.position()).put());
        }
        var effects = attempt.effects();
        expectations.addAll(effects.expectations());
        var outcome = log.feed().append(new PartitionUnit(lease.partition(), effects.appends(), expectations, changes));
        return switch (outcome) {
            case Appended.Written written -> true;
            case Appended.Unmet unmet -> {
                if (unmet.expectation().equals(lease.fence().row())) {
                    throw lease.lost();
                }
                if (effects.expects(unmet.expectation())) {
                    throw new Refusal(unmet);
                }
                yield false;
            }
            case Appended.Conflict conflict -> throw new Refusal(conflict);
            case Appended.Duplicate duplicate -> throw new Refusal(duplicate);
            case Appended.Refused refused -> throw new Refusal(refused);
        };
    }
}
