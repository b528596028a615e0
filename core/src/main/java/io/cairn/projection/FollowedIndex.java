package io.cairn.projection;

import io.cairn.event.EventLog;
import io.cairn.event.Head;
import io.cairn.follow.Assignment;
import io.cairn.follow.FollowSettings;
import io.cairn.follow.FollowerHealth;
import io.cairn.follow.LocalFollower;
import io.cairn.follow.ParkedKeys;
import io.cairn.follow.SkippedEvents;
import io.cairn.follow.TryAgainException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The generations of an index as this node follows them: the current one, and the next one while it is built.
///
/// Only one thread at a time changes it; any may look.
///
/// @param <P> the projection, as its readers know it
final class FollowedIndex<P extends Projection> {
    private static final System.Logger LOG = System.getLogger(FollowedIndex.class.getName());

    /// How long a next generation that cannot go on is left alone, so that it does not hold up the current one.
    private static final Duration NEXT_RESTS = Duration.ofSeconds(5);

    /// A generation with its follower.
    record Followed<P extends Projection>(int number, P projection, LocalFollower follower)
            implements Succession.Numbered {}

    private final String name;
    private final EventLog log;
    private final Generations<P> generations;
    private final Assignment assignment;

    /// The name under which it keeps its parked streams: where each node has an index of its own, each has a name
    /// of its own.
    private final String putAsideBy;

    private final SkippedEvents skipped;
    private final FollowSettings settings;
    private final Clock clock;
    private volatile Followed<P> current;
    private volatile @Nullable Followed<P> next;

    /// The number of the generation that was told to take over.
    private volatile int released;

    private @Nullable Instant nextRestsUntil;

    FollowedIndex(
            String name,
            EventLog log,
            Generations<P> generations,
            Assignment assignment,
            FollowSettings settings,
            Clock clock) {
        this.name = name;
        this.log = log;
        this.generations = generations;
        this.assignment = assignment;
        this.putAsideBy =
                log.shared() ? name + generations.place().map("@"::concat).orElse("") : name;
        this.skipped = new SkippedEvents(log, name);
        this.settings = settings;
        this.clock = clock;
        this.current = follow(generations.current());
        this.next = generations.next().map(this::build).orElse(null);
    }

    private Followed<P> follow(Generations.Generation<P> generation) {
        var as = "%s, generation %d".formatted(name, generation.number());
        var parked = new ParkedKeys(log, putAsideBy, generation.number());
        return new Followed<>(
                generation.number(),
                generation.projection(),
                new LocalFollower(as, log, generation.projection(), assignment, parked, skipped, settings, clock));
    }

    private Followed<P> build(Generations.Generation<P> generation) {
        var built = follow(generation);
        built.follower().building();
        return built;
    }

    /// The generation that answers.
    Followed<P> current() {
        return current;
    }

    /// Whether there is nothing that takes events in.
    boolean rests() {
        return current.projection().rests() && next == null;
    }

    /// The position of a partition behind which there is something to do.
    long applied(int partition) {
        if (!current.projection().rests()) {
            return current.follower().applied(partition);
        }
        var built = next;
        return built == null ? Long.MAX_VALUE : built.follower().applied(partition);
    }

    /// The one that is built.
    Optional<Followed<P>> next() {
        return Optional.ofNullable(next);
    }

    SkippedEvents skipped() {
        return skipped;
    }

    /// Takes over what other nodes, which may share the generations, have begun or switched to.
    void adopt() {
        var shared = generations.current();
        if (shared.number() != current.number()) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "Projection %s follows another node from generation %d to %d"
                            .formatted(name, current.number(), shared.number()));
            current.follower().end();
            current = follow(shared);
        }
        var wanted = generations.next();
        var built = next;
        if (built == null
                || wanted.filter(found -> found.number() == built.number()).isEmpty()) {
            makeNext(wanted);
        }
    }

    private void makeNext(Optional<Generations.Generation<P>> wanted) {
        next().ifPresent(given -> given.follower().end());
        next = wanted.map(this::build).orElse(null);
    }

    /// One step of each generation. A current one that cannot go on does not hold up the next one.
    ///
    /// @return whether there was anything to do
    boolean step() {
        if (current.projection().rests()) {
            return stepWaiting();
        }
        boolean busy;
        try {
            busy = current.follower().step();
        } catch (RuntimeException e) {
            stepNext();
            throw e;
        }
        return stepWaiting() || busy;
    }

    /// What cannot go on of a generation that waits, since its model does not answer, does not delay the one that
    /// answers.
    private boolean stepWaiting() {
        if (next == null || !generations.waits()) {
            return stepNext();
        }
        var until = nextRestsUntil;
        if (until != null && clock.instant().isBefore(until)) {
            return false;
        }
        try {
            nextRestsUntil = null;
            return stepNext();
        } catch (TryAgainException e) {
            nextRestsUntil = clock.instant().plus(NEXT_RESTS);
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The next generation of %s cannot go on; next attempt in %s: %s (%s)"
                            .formatted(name, NEXT_RESTS, e.getMessage(), e.getCause()));
            return false;
        }
    }

    private boolean stepNext() {
        var built = next;
        if (built == null) {
            return false;
        }
        boolean busy = built.follower().step();
        if (isComplete(built) && (!generations.waits() || released == built.number())) {
            switchTo(built);
        }
        return busy;
    }

    /// Whether it is as far as the current one.
    boolean isComplete(Followed<P> built) {
        return built.follower().reached(current.follower());
    }

    private void switchTo(Followed<P> built) {
        generations.next().ifPresent(ready -> {
            ready.projection().publish();
            ready.projection().commit();
        });
        keepFormer();
        if (!generations.promote() || generations.current().number() != built.number()) {
            // Other nodes have taken the current one further, or have switched to another one, which the next step
            // takes over.
            return;
        }
        var former = current;
        built.follower().takenOver();
        current = built;
        next = null;
        former.follower().end();
        LOG.log(
                System.Logger.Level.INFO,
                "Projection %s switched from generation %d to %d".formatted(name, former.number(), built.number()));
    }

    /// Commits the former generation, which may be wanted back. If that fails, it will go on from its last commit.
    private void keepFormer() {
        try {
            commit();
        } catch (TryAgainException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Generation %d of %s was not committed before it was replaced".formatted(current.number(), name),
                    e);
        }
    }

    private void commit() {
        if (current.follower().uncommitted()) {
            current.projection().commit();
        }
    }

    /// Begins a generation in place of one that was under way.
    ///
    /// @return its number
    int begin(Supplier<Generations.Generation<P>> beginning) {
        makeNext(Optional.empty());
        released = 0;
        var begun = beginning.get();
        skipped.refresh();
        makeNext(Optional.of(begun));
        ParkedKeys.clear(log, putAsideBy, generations.current().number(), begun.number());
        return begun.number();
    }

    /// Lets a generation that waits take over, as soon as it is complete.
    void release(int number) {
        released = number;
    }

    /// Gives up a next generation that waits.
    void dropNext() {
        var dropped = next;
        if (dropped != null && generations.waits()) {
            makeNext(Optional.empty());
            generations.drop();
            ParkedKeys.clear(log, putAsideBy, generations.current().number(), dropped.number() + 1);
        }
    }

    /// Lets the former generation catch up, and then answer again.
    RolledBack rollback() {
        adopt();
        var built = next;
        if (built != null) {
            return RolledBack.Refused.whileUnderWay(name, built.number());
        }
        var refusal = generations.noWayBack();
        if (refusal.isPresent()) {
            return new RolledBack.Refused(refusal.get());
        }
        var revived = generations.revive();
        makeNext(Optional.of(revived));
        released = revived.number();
        return new RolledBack.Begun(revived.number());
    }

    /// How far the next generation is, given the heads.
    Optional<FollowerHealth.Rebuild> progress(List<Head> heads) {
        return next().map(built -> new FollowerHealth.Rebuild(
                built.number(),
                heads.stream()
                        .mapToLong(head -> built.follower().applied(head.partition()))
                        .sum(),
                heads.stream().mapToLong(Head::number).sum()));
    }

    /// Ends what goes on in other threads, and commits. What is not committed is read from the log again at the next
    /// start.
    void end() {
        current.follower().end();
        next().ifPresent(built -> built.follower().end());
        try {
            commit();
        } catch (TryAgainException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Projection %s ends without what it took in last, and will take it in again".formatted(name),
                    e);
        }
    }
}
