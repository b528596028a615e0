package io.cairn.projection;

import io.cairn.event.Appended;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.PartitionUnit;
import io.cairn.event.StorageException;
import io.cairn.row.RowChange;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Clock;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// What operators do with the parked streams of a shared projection, on whichever node they ask.
///
/// They need not be on the node that owns the partition: what they do commits only if nothing was committed for the
/// projection since it was read, and then the owner in turn reads again.
final class SharedParking {
    private static final int ATTEMPTS_MAX = 100;
    private static final int EVENTS_MAX = 1000;

    private final EventLog log;
    private final SharedGeneration generation;
    private final Clock clock;

    SharedParking(EventLog log, SharedGeneration generation, Clock clock) {
        this.log = log;
        this.generation = generation;
        this.clock = clock;
    }

    /// Applies what waits in a parked stream, as far as it goes.
    ///
    /// @return whether it is parked no more
    boolean retry(Tenant tenant, String key) {
        Optional<Boolean> ended;
        do {
            ended = undisturbed(() -> retryOnce(tenant, key));
        } while (ended.isEmpty());
        return ended.get();
    }

    /// One unit of work of a retry.
    ///
    /// @return nothing if more is to be done
    private Attempt<Optional<Boolean>> retryOnce(Tenant tenant, String key) {
        var checkpoint = checkpoint(tenant);
        var parked = generation.parked();
        var found = find(parked, tenant, key);
        if (found.isEmpty()) {
            return new Attempt<>(List.of(checkpoint), List.of(), Optional.of(false));
        }
        var waits = found.get();
        var effects = generation.effects(PendingRows.over(log));
        var skipped = generation.skipped();
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
        var change = more ? parked.moved(waits, waiting.getLast()) : parked.remove(waits);
        effects.add(tenant, change);
        return new Attempt<>(List.of(checkpoint), effects.changes(), more ? Optional.empty() : Optional.of(true));
    }

    /// Does without what waits in a parked stream, up to its end as it is now.
    ///
    /// @return how many events; nothing if it is not parked
    Optional<Long> skip(Context context, String key) {
        return undisturbed(() -> {
            var tenant = context.tenant();
            var read = List.of(checkpoint(tenant), generation.decisions(log.partition(tenant)));
            var parked = generation.parked();
            var found = find(parked, tenant, key);
            if (found.isEmpty()) {
                return new Attempt<>(read, List.of(), Optional.empty());
            }
            var waits = found.get();
            long to = log.<Long>read(tenant, view -> view.version(waits.stream()));
            var skip =
                    generation.skipped().change(waits.stream(), waits.version(), to, context.actor(), clock.instant());
            return new Attempt<>(
                    read, changes(tenant, skip, parked.remove(waits)), Optional.of(to - waits.version() + 1));
        });
    }

    private static List<PartitionUnit.Change> changes(Tenant tenant, RowChange... changes) {
        return List.of(changes).stream()
                .map(change -> new PartitionUnit.Change(tenant, change))
                .toList();
    }

    private Checkpoint checkpoint(Tenant tenant) {
        return generation.checkpoint(log.partition(tenant));
    }

    private static Optional<ParkedKeys.Parked> find(ParkedKeys parked, Tenant tenant, String key) {
        return parked.list(tenant, null, Integer.MAX_VALUE).stream()
                .filter(waits -> waits.key().equals(key))
                .findFirst();
    }

    /// What is to be committed on top of what was read.
    private record Attempt<T>(List<Checkpoint> read, List<PartitionUnit.Change> changes, T result) {}

    private <T> T undisturbed(Supplier<Attempt<T>> work) {
        for (int attempts = 0; attempts < ATTEMPTS_MAX; attempts++) {
            var attempt = work.get();
            if (attempt.changes().isEmpty() || committed(attempt)) {
                return attempt.result();
            }
        }
        throw new StorageException(
                StorageException.Kind.BUSY,
                "Projection %s moved under each of %d attempts to change what it has parked; try again"
                        .formatted(generation.projection(), ATTEMPTS_MAX),
                new ConcurrentModificationException());
    }

    private boolean committed(Attempt<?> attempt) {
        var expectations = new ArrayList<>(List.of(generation.inPlace()));
        var changes = new ArrayList<>(attempt.changes());
        for (var read : attempt.read()) {
            expectations.add(read.unchanged());
            changes.add(read.at(read.position()).put());
        }
        int partition = attempt.read().getFirst().partition();
        return log.feed().append(new PartitionUnit(partition, expectations, changes)) instanceof Appended.Written;
    }
}
