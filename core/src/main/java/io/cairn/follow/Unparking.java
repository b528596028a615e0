package io.cairn.follow;

import io.cairn.event.Appended;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.PartitionUnit;
import io.cairn.event.StorageException;
import io.cairn.lease.Lease;
import io.cairn.row.RowChange;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Clock;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// What operators do with the parked streams of a leased follower: they retry them, or do without what waits there.
///
/// They act under the lease of the partition, which the node that they ask has seized. A lease is granted for one
/// version of a projection, and a skip holds for all versions: so skips are counted besides, and whoever commits for
/// another version expects that none was decided meanwhile.
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

    /// Applies what waits in a parked stream, as far as it goes.
    ///
    /// @return whether it is parked no more
    boolean retry(Tenant tenant, String key) {
        Optional<Boolean> ended;
        do {
            ended = committed(() -> retryOnce(tenant, key));
        } while (ended.isEmpty());
        return ended.get();
    }

    /// One unit of work of a retry.
    ///
    /// @return nothing if more is to be done
    private Attempt<Optional<Boolean>> retryOnce(Tenant tenant, String key) {
        var checkpoint = work.checkpoint(log, lease.partition());
        var parked = work.parked(log);
        var found = find(parked, tenant, key);
        if (found.isEmpty()) {
            return new Attempt<>(List.of(checkpoint), List.of(), Optional.of(false));
        }
        var waits = found.get();
        var effects = work.effects(PendingRows.over(log));
        var skipped = work.skipped(log);
        var waiting =
                log.<List<Event>>read(tenant, view -> view.stream(waits.stream(), waits.version() - 1, EVENTS_MAX));
        for (var event : waiting) {
            if (event.position().number() > checkpoint.position()) {
                break;
            }
            try {
                if (!skipped.hold(event)) {
                    effects.take(event);
                }
            } catch (TryAgainException | StorageException e) {
                throw e;
            } catch (RuntimeException failure) {
                effects.add(tenant, parked.put(event, failure, waits.attempts() + 1, clock.instant()));
                return new Attempt<>(List.of(checkpoint), effects.changes(), Optional.of(false));
            }
        }
        boolean more =
                waiting.size() == EVENTS_MAX && waiting.getLast().position().number() < checkpoint.position();
        effects.add(tenant, more ? parked.moved(waits, waiting.getLast()) : parked.remove(waits));
        return new Attempt<>(List.of(checkpoint), effects.changes(), more ? Optional.empty() : Optional.of(true));
    }

    /// Does without what waits in a parked stream, up to its end as it is now.
    Skipped skip(Context context, String key) {
        return committed(() -> {
            var tenant = context.tenant();
            var read = List.of(work.checkpoint(log, lease.partition()), work.decisions(log, lease.partition()));
            var parked = work.parked(log);
            var found = find(parked, tenant, key);
            if (found.isEmpty()) {
                return new Attempt<Skipped>(read, List.of(), new Skipped.NotParked());
            }
            var waits = found.get();
            long to = log.<Long>read(tenant, view -> view.version(waits.stream()));
            var skip = work.skipped(log).change(waits.stream(), waits.version(), to, context.actor(), clock.instant());
            return new Attempt<Skipped>(
                    read, changes(tenant, skip, parked.remove(waits)), new Skipped.Done(to - waits.version() + 1));
        });
    }

    private static List<PartitionUnit.Change> changes(Tenant tenant, RowChange... changes) {
        return List.of(changes).stream()
                .map(change -> new PartitionUnit.Change(tenant, change))
                .toList();
    }

    private static Optional<Parked> find(ParkedKeys parked, Tenant tenant, String key) {
        return parked.list(tenant, null, Integer.MAX_VALUE).stream()
                .filter(waits -> waits.key().equals(key))
                .findFirst();
    }

    /// What is to be committed on top of what was read.
    private record Attempt<T>(List<Checkpoint> read, List<PartitionUnit.Change> changes, T result) {}

    private <T> T committed(Supplier<Attempt<T>> work) {
        for (int attempts = 0; attempts < ATTEMPTS_MAX; attempts++) {
            var attempt = work.get();
            if (attempt.changes().isEmpty() || committed(attempt)) {
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
        var changes = new ArrayList<>(attempt.changes());
        for (var read : attempt.read()) {
            expectations.add(read.unchanged());
            changes.add(read.at(read.position()).put());
        }
        var outcome = log.feed().append(new PartitionUnit(lease.partition(), expectations, changes));
        if (outcome instanceof Appended.Unmet(var unmet, var found)
                && unmet.equals(lease.fence().row())) {
            throw lease.lost();
        }
        return outcome instanceof Appended.Written;
    }
}
