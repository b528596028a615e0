package io.cairn.projection;

import io.cairn.event.EventLog;
import io.cairn.event.Head;
import io.cairn.follow.Assignment;
import io.cairn.follow.FollowSettings;
import io.cairn.follow.FollowerHealth;
import io.cairn.follow.FollowerLoop;
import io.cairn.follow.FollowerStatus;
import io.cairn.follow.LocalFollower;
import io.cairn.follow.Parked;
import io.cairn.follow.ParkedKeys;
import io.cairn.follow.Skipped;
import io.cairn.follow.SkippedEvents;
import io.cairn.follow.TryAgainException;
import io.cairn.guard.Loop;
import io.cairn.lease.Share;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An index with durability of its own that runs on this node: its current generation, and the next one while it is
/// built.
///
/// An index that belongs to this node follows the whole log. Where nodes share an index, each follows those
/// partitions of which it holds the lease, in both generations, and sees how far the others are. An operator may
/// ask any node to retry or skip a parked stream: that node seizes the lease of the partition, so that only the
/// holder writes, and the former holder begins anew with what it then finds.
///
/// @param <P> the projection, as its readers know it
public final class RunningIndex<P extends Projection> implements RunningProjection {
    private static final System.Logger LOG = System.getLogger(RunningIndex.class.getName());

    /// How long a next generation that cannot go on is left alone, so that it does not hold up the current one.
    private static final Duration NEXT_RESTS = Duration.ofSeconds(5);

    /// The generation that is to take over.
    private record Building(int number, LocalFollower follower) {}

    /// The generation that is to take over, as whoever decides about it sees it.
    ///
    /// @param complete whether it is as far as the current one
    public record Next<P extends Projection>(int number, P projection, boolean complete) {}

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
    private final FollowerStatus status;
    private final ReentrantLock applying = new ReentrantLock();
    private @Nullable Loop thread;
    private volatile LocalFollower follower;
    private volatile @Nullable Building rebuilding;
    private volatile P current;
    private volatile int generation;

    /// The number of the generation that was told to take over.
    private volatile int released;

    private @Nullable Instant nextRestsUntil;

    public RunningIndex(String name, EventLog log, Generations<P> generations, FollowSettings settings, Clock clock) {
        this(name, log, generations, Assignment.everything(log), settings, clock);
    }

    /// @param share of the partitions of generations that nodes share
    public RunningIndex(
            String name, EventLog log, Generations<P> generations, Share share, FollowSettings settings, Clock clock) {
        this(name, log, generations, Assignment.of(log, share), settings, clock);
    }

    private RunningIndex(
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
        this.status = new FollowerStatus(name, log, settings, clock);
        this.current = generations.current().projection();
        this.generation = generations.current().number();
        this.follower = follow(generations.current());
        this.rebuilding = generations.next().map(this::build).orElse(null);
    }

    /// Starts to follow the log in a thread of its own.
    public RunningIndex<P> start() {
        thread = FollowerLoop.start("cairn-" + name, steps(), log);
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    /// The generation that answers.
    public P current() {
        return current;
    }

    /// Takes and gives back partitions as is due; then one step of each generation that is there.
    ///
    /// @return whether there was anything to do
    boolean step() {
        applying.lock();
        try {
            adopt();
            assignment.step();
            boolean busy = stepCurrent();
            status.ran();
            return busy;
        } catch (RuntimeException e) {
            assignment.doubt();
            status.failed(e);
            throw e;
        } finally {
            applying.unlock();
            status.stepped(current::visible);
        }
    }

    /// A current generation that cannot go on does not hold up the next one.
    private boolean stepCurrent() {
        boolean busy;
        try {
            busy = follower.step();
        } catch (RuntimeException e) {
            stepRebuild();
            throw e;
        }
        return stepWaiting() || busy;
    }

    /// What cannot go on of a generation that waits, since its model does not answer, does not delay the one that
    /// answers.
    private boolean stepWaiting() {
        if (rebuilding == null || !generations.waits()) {
            return stepRebuild();
        }
        var until = nextRestsUntil;
        if (until != null && clock.instant().isBefore(until)) {
            return false;
        }
        try {
            nextRestsUntil = null;
            return stepRebuild();
        } catch (TryAgainException e) {
            nextRestsUntil = clock.instant().plus(NEXT_RESTS);
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The next generation of %s cannot go on; next attempt in %s: %s (%s)"
                            .formatted(name, NEXT_RESTS, e.getMessage(), e.getCause()));
            return false;
        }
    }

    /// Takes over what other nodes, which may share the generations, have begun or switched to.
    private void adopt() {
        var shared = generations.current();
        if (shared.number() != generation) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "Projection %s follows another node from generation %d to %d"
                            .formatted(name, generation, shared.number()));
            follower = follow(shared);
            current = shared.projection();
            generation = shared.number();
        }
        var next = generations.next();
        var under = rebuilding;
        if (under == null || next.isEmpty() || next.get().number() != under.number()) {
            rebuilding = next.map(this::build).orElse(null);
        }
    }

    private boolean stepRebuild() {
        var next = rebuilding;
        if (next == null) {
            return false;
        }
        boolean busy = next.follower().step();
        if (next.follower().reached(follower) && (!generations.waits() || released == next.number())) {
            switchTo(next);
        }
        return busy;
    }

    private void switchTo(Building next) {
        generations.next().ifPresent(ready -> {
            ready.projection().publish();
            ready.projection().commit();
        });
        keepFormer();
        int from = generation;
        if (!generations.promote() || generations.current().number() != next.number()) {
            // Other nodes have taken the current one further, or have switched to another one, which the next step
            // takes over.
            return;
        }
        follower = next.follower().takenOver();
        rebuilding = null;
        current = generations.current().projection();
        generation = generations.current().number();
        LOG.log(
                System.Logger.Level.INFO,
                "Projection %s switched from generation %d to %d".formatted(name, from, generation));
    }

    /// Commits the former generation, which may be wanted back. If that fails, it will go on from its last commit.
    private void keepFormer() {
        try {
            if (follower.uncommitted()) {
                current.commit();
            }
        } catch (TryAgainException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Generation %d of %s was not committed before it was replaced".formatted(generation, name),
                    e);
        }
    }

    private FollowerLoop.Steps steps() {
        return new FollowerLoop.Steps() {
            @Override
            public String name() {
                return "Projection " + name;
            }

            @Override
            public boolean step() {
                return RunningIndex.this.step();
            }

            /// Without new events there may still be something to commit.
            @Override
            public void awaitMore() throws InterruptedException {
                assignment.awaitMore(follower::applied, isRebuilding(), settings.commitEvery());
            }
        };
    }

    @Override
    public int rebuild() {
        return rebuild(generations::begin);
    }

    /// Begins a generation that is made of something else, which waits until it is [told][#takeOver(int)] to take over.
    ///
    /// @param madeOf what else but the log decides what it holds, such as the space of its vectors
    /// @return its number
    public int rebuild(String madeOf) {
        return rebuild(() -> generations.begin(madeOf));
    }

    /// The generation that is to take over, if there is one.
    public Optional<Next<P>> next() {
        applying.lock();
        try {
            var under = rebuilding;
            return under == null
                    ? Optional.empty()
                    : generations
                            .next()
                            .filter(next -> next.number() == under.number())
                            .map(next -> new Next<>(
                                    next.number(),
                                    next.projection(),
                                    under.follower().reached(follower)));
        } finally {
            applying.unlock();
        }
    }

    /// Lets a generation that waits take over, as soon as it is complete.
    public void takeOver(int number) {
        released = number;
        log.nudge();
    }

    /// Gives up a next generation that waits.
    public void dropNext() {
        applying.lock();
        try {
            if (rebuilding != null && generations.waits()) {
                int dropped = rebuilding.number();
                rebuilding.follower().end();
                rebuilding = null;
                generations.drop();
                ParkedKeys.clear(log, putAsideBy, generations.current().number(), dropped + 1);
            }
        } finally {
            applying.unlock();
        }
    }

    private int rebuild(Supplier<Generations.Generation<P>> beginning) {
        applying.lock();
        try {
            rebuilding = null;
            released = 0;
            var next = beginning.get();
            skipped.refresh();
            rebuilding = build(next);
            ParkedKeys.clear(log, putAsideBy, generations.current().number(), next.number());
            return next.number();
        } finally {
            applying.unlock();
            log.nudge();
        }
    }

    /// Whether a next generation is being built.
    public boolean isRebuilding() {
        return rebuilding != null;
    }

    @Override
    public RolledBack rollback() {
        applying.lock();
        try {
            adopt();
            var under = rebuilding;
            if (under != null) {
                return new RolledBack.Refused(
                        "Generation %d of %s is on its way; a rollback has to wait until it has switched"
                                .formatted(under.number(), name));
            }
            var refusal = generations.noWayBack();
            if (refusal.isPresent()) {
                return new RolledBack.Refused(refusal.get());
            }
            var next = generations.revive();
            rebuilding = build(next);
            released = next.number();
            return new RolledBack.Begun(next.number());
        } finally {
            applying.unlock();
            log.nudge();
        }
    }

    /// What the former generation is made of, if there is one that can come back.
    public Optional<String> former() {
        return generations.former();
    }

    @Override
    public boolean awaitVisible(int partition, long position, Duration timeMax) throws InterruptedException {
        return status.awaitVisible(each -> current.visible(each), partition, position, timeMax);
    }

    @Override
    public List<Parked> parked(Tenant tenant, @Nullable String afterKey, int limit) {
        return follower.parked().list(tenant, afterKey, limit);
    }

    @Override
    public int retry(Tenant tenant, @Nullable String key) {
        applying.lock();
        try {
            adopt();
            if (parked(tenant, key).isEmpty()) {
                return 0;
            }
            follower.seize(log.partition(tenant));
            var waitingNow = parked(tenant, key);
            waitingNow.forEach(follower::retry);
            var still = parked(tenant, null, Integer.MAX_VALUE).stream()
                    .map(Parked::key)
                    .toList();
            return (int) waitingNow.stream()
                    .filter(found -> !still.contains(found.key()))
                    .count();
        } finally {
            applying.unlock();
        }
    }

    @Override
    public Skipped skip(Context context, String key) {
        applying.lock();
        try {
            adopt();
            if (parked(context.tenant(), key).isEmpty()) {
                return new Skipped.NotParked();
            }
            follower.seize(log.partition(context.tenant()));
            return parked(context.tenant(), key).stream()
                    .findFirst()
                    .<Skipped>map(waits -> new Skipped.Done(skip(context, waits)))
                    .orElseGet(Skipped.NotParked::new);
        } finally {
            applying.unlock();
        }
    }

    /// @param key a single stream, or null for all
    private List<Parked> parked(Tenant tenant, @Nullable String key) {
        return parked(tenant, null, Integer.MAX_VALUE).stream()
                .filter(waits -> key == null || waits.key().equals(key))
                .toList();
    }

    private long skip(Context context, Parked waits) {
        var tenant = context.tenant();
        long from = waits.version();
        long to = log.<Long>read(tenant, view -> view.version(waits.stream()));
        var change = skipped.change(waits.stream(), from, to, context.actor(), clock.instant());
        try {
            follower.parked().release(waits, List.of(change));
        } finally {
            skipped.refresh();
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "Projection %s does without %d events of %s, tenant %s, versions %d to %d, as %s decided (%s)"
                        .formatted(
                                name,
                                to - from + 1,
                                waits.key(),
                                tenant.id(),
                                from,
                                to,
                                context.actor(),
                                context.correlation()));
        return to - from + 1;
    }

    @Override
    public long parkedCount(Tenant tenant) {
        return follower.parked().count(tenant);
    }

    @Override
    public FollowerHealth health() {
        var seen = current;
        return status.health(generation, seen::visible, this::rebuild);
    }

    private Optional<FollowerHealth.Rebuild> rebuild(List<Head> heads) {
        var next = rebuilding;
        return next == null
                ? Optional.empty()
                : Optional.of(new FollowerHealth.Rebuild(
                        next.number(),
                        heads.stream()
                                .mapToLong(head -> next.follower().applied(head.partition()))
                                .sum(),
                        heads.stream().mapToLong(Head::number).sum()));
    }

    private LocalFollower follow(Generations.Generation<P> followed) {
        var as = "%s, generation %d".formatted(name, followed.number());
        var parked = new ParkedKeys(log, putAsideBy, followed.number());
        return new LocalFollower(as, log, followed.projection(), assignment, parked, skipped, settings, clock);
    }

    private Building build(Generations.Generation<P> next) {
        return new Building(next.number(), follow(next).building());
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.close();
        }
        applying.lock();
        try {
            follower.end();
            var under = rebuilding;
            if (under != null) {
                under.follower().end();
            }
            commitLast();
            assignment.close();
        } finally {
            applying.unlock();
            generations.close();
        }
    }

    /// What is not committed is read from the log again at the next start.
    private void commitLast() {
        if (follower.uncommitted()) {
            try {
                current.commit();
            } catch (TryAgainException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "Projection %s ends without what it took in last, and will take it in again".formatted(name),
                        e);
            }
        }
    }
}
