package io.cairn.task;

import io.cairn.event.Appended;
import io.cairn.event.LogFeed;
import io.cairn.event.PartitionUnit;
import io.cairn.event.StorageException;
import io.cairn.lease.Lease;
import io.cairn.lease.SlotShare;
import io.cairn.lease.SlotShare.Slot;
import io.cairn.task.TaskEngine.Ended;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/// Commits what cycles have decided, in a unit of work for each partition and under the fences of the slots that this
/// node holds there, and judges what became of it.
final class Commits {
    private final LogFeed feed;
    private final SlotShare share;
    private final Looks looks;
    private final Consumer<Cycle.Finished> committed;
    private final Set<Slot> doubtful = new HashSet<>();

    /// Runs whose effects are committed in a unit of their own, since the unit that they shared with others failed.
    private final Set<Run> apart = new HashSet<>();

    /// @param committed is told of each part that was committed
    Commits(LogFeed feed, SlotShare share, Looks looks, Consumer<Cycle.Finished> committed) {
        this.feed = feed;
        this.share = share;
        this.looks = looks;
        this.committed = committed;
    }

    /// Slots with a commit whose outcome is unknown.
    Set<Slot> doubtful() {
        return Set.copyOf(doubtful);
    }

    void doubtIsOver() {
        doubtful.clear();
    }

    boolean isApart(Run run) {
        return apart.contains(run);
    }

    /// Forgets all but these.
    void keepApart(Collection<Run> unsettled) {
        apart.retainAll(Set.copyOf(unsettled));
    }

    /// Partitions do not depend on each other, so a failure in one is thrown after the others were tried.
    void all(Map<Integer, Cycle.Finished> parts) {
        RuntimeException failed = null;
        for (var part : parts.entrySet()) {
            try {
                one(part.getKey(), part.getValue());
            } catch (RuntimeException e) {
                if (failed != null) {
                    e.addSuppressed(failed);
                }
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    private void doubtIfUnknown(int partition, RuntimeException e) {
        if (e instanceof StorageException failure && failure.kind() == StorageException.Kind.UNKNOWN) {
            share.held().stream().filter(slot -> slot.partition() == partition).forEach(doubtful::add);
        }
    }

    /// Ends a task together with its effects, in a unit of their own.
    ///
    /// @param decided the unit, as rows stand now
    /// @return what is left to be settled with others, if its effects were refused
    Optional<Ended> alone(Ended ended, Function<Ended, Cycle.Finished> decided) {
        var left = Optional.of(ended);
        while (left.isPresent() && !SharedEffects.of(left.get()).none()) {
            left = tried(left.get(), decided.apply(left.get()));
        }
        return left;
    }

    private Optional<Ended> tried(Ended one, Cycle.Finished cycle) {
        int partition = one.run().slot().partition();
        var effects = SharedEffects.of(one);
        if (cycle.effective().isEmpty()) {
            // A commit whose outcome was unknown has done it.
            one(partition, cycle);
            return Optional.empty();
        }
        Appended outcome;
        try {
            outcome = append(SharedEffects.unit(partition, cycle, fences(partition)));
        } catch (StorageException e) {
            if (e.kind() != StorageException.Kind.BROKEN) {
                throw e;
            }
            // If the store itself is broken, this retry cannot be committed either.
            return failed(one, "the store does not take its effects: " + e.getMessage());
        } catch (RuntimeException e) {
            return instead(one, Outcome.dead("its effects make no unit of work: " + e));
        }
        return switch (outcome) {
            case Appended.Written written -> {
                committed.accept(cycle);
                yield Optional.empty();
            }
            case Appended.Unmet(var expectation, var found)
            when effects.expectations().contains(expectation) ->
                failed(one, "a row was not as its effects expected: %s".formatted(expectation));
            case Appended.Unmet unmet -> {
                lost();
                yield Optional.empty();
            }
            case Appended.Conflict conflict ->
                failed(one, "a stream was not as its effects expected: %s".formatted(conflict));
            case Appended.Refused(var faults) ->
                instead(
                        one,
                        Outcome.dead(
                                "its events were refused: " + faults.getFirst().detail()));
            case Appended.Duplicate duplicate ->
                instead(one, Outcome.done(new Outcome.Effects(List.of(), effects.expectations(), effects.rows())));
        };
    }

    private static Optional<Ended> failed(Ended one, String reason) {
        return instead(one, Outcome.retry(reason));
    }

    private static Optional<Ended> instead(Ended one, Outcome outcome) {
        return Optional.of(new Ended(one.run(), outcome));
    }

    private void one(int partition, Cycle.Finished part) {
        var effects = part.effective();
        if (part.changes().isEmpty() && effects.isEmpty()) {
            committed.accept(part);
            return;
        }
        Appended outcome;
        try {
            outcome = append(SharedEffects.unit(partition, part, fences(partition)));
        } catch (RuntimeException e) {
            takeApart(effects);
            if (effects.isEmpty() || e instanceof StorageException) {
                throw e;
            }
            return;
        }
        switch (outcome) {
            case Appended.Written written -> committed.accept(part);
            case Appended.Unmet(var expectation, var found)
            when SharedEffects.expect(effects, expectation) -> takeApart(effects);
            case Appended.Unmet unmet -> lost();
            case Appended.Conflict other when !effects.isEmpty() -> takeApart(effects);
            case Appended.Duplicate other when !effects.isEmpty() -> takeApart(effects);
            case Appended.Refused other when !effects.isEmpty() -> takeApart(effects);
            case Appended.Conflict other -> throw unexpected(other);
            case Appended.Duplicate other -> throw unexpected(other);
            case Appended.Refused other -> throw unexpected(other);
        }
    }

    private void takeApart(List<Ended> effects) {
        effects.forEach(one -> apart.add(one.run()));
        looks.wake();
    }

    private Appended append(PartitionUnit unit) {
        try {
            return feed.append(unit);
        } catch (StorageException e) {
            doubtIfUnknown(unit.partition(), e);
            throw e;
        }
    }

    private List<PartitionUnit.Expectation> fences(int partition) {
        return share.held().stream()
                .filter(slot -> slot.partition() == partition)
                .flatMap(slot -> share.lease(slot).stream())
                .map(Lease::fence)
                .toList();
    }

    /// Another node holds one of the slots: the leases are read again, and what has ended is judged again.
    private void lost() {
        share.doubt();
        looks.wake();
    }

    private static IllegalStateException unexpected(Appended outcome) {
        return new IllegalStateException("A unit of tasks came to " + outcome);
    }
}
