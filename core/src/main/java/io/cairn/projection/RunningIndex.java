package io.cairn.projection;

import io.cairn.event.EventLog;
import io.cairn.follow.Assignment;
import io.cairn.follow.FollowSettings;
import io.cairn.follow.FollowerHealth;
import io.cairn.follow.FollowerLoop;
import io.cairn.follow.FollowerStatus;
import io.cairn.follow.LocalParked;
import io.cairn.follow.Parked;
import io.cairn.follow.Skipped;
import io.cairn.lease.Share;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An index with durability of its own that runs on this node.
///
/// An index that belongs to this node follows the whole log. Where nodes share an index, each follows those
/// partitions of which it holds the lease, in both generations, and sees how far the others are. An operator may
/// ask any node to retry or skip a parked stream: that node seizes the lease of the partition, so that only the
/// holder writes, and the former holder begins anew with what it then finds.
///
/// @param <P> the projection, as its readers know it
public final class RunningIndex<P extends Projection> implements RunningProjection {
    /// The generation that is to take over, as whoever decides about it sees it.
    ///
    /// @param complete whether it is as far as the current one
    public record Next<P extends Projection>(int number, P projection, boolean complete) {}

    private final String name;
    private final EventLog log;
    private final Generations<P> generations;
    private final Assignment assignment;
    private final FollowSettings settings;
    private final Clock clock;
    private final FollowedIndex<P> followed;
    private final FollowerStatus status;
    private final FollowerLoop loop;

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
        this.settings = settings;
        this.clock = clock;
        this.followed = new FollowedIndex<>(name, log, generations, assignment, settings, clock);
        this.status = new FollowerStatus(name, log, settings, clock);
        this.loop = new FollowerLoop("Projection " + name, new Steps(), assignment, status, log);
    }

    /// Starts to follow the log in a thread of its own.
    public RunningIndex<P> start() {
        loop.start(name);
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    /// The generation that answers.
    public P current() {
        return followed.current().projection();
    }

    /// Takes and gives back partitions as is due; then one step of each generation that is there.
    ///
    /// @return whether there was anything to do
    boolean step() {
        return loop.step();
    }

    private final class Steps implements FollowerLoop.Steps {
        @Override
        public boolean step() {
            followed.adopt();
            if (followed.rests()) {
                // Partitions are left to nodes that can do something for them.
                return false;
            }
            assignment.step();
            return followed.step();
        }

        @Override
        public long visible(int partition) {
            return current().visible(partition);
        }

        /// Without new events there may still be something to commit.
        @Override
        public void awaitMore() throws InterruptedException {
            assignment.awaitMore(followed::applied, isRebuilding(), settings.commitEvery());
        }
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

    private int rebuild(Supplier<Generations.Generation<P>> beginning) {
        return loop.thenGoOn(() -> followed.begin(beginning));
    }

    /// Whether a next generation is being built.
    public boolean isRebuilding() {
        return followed.next().isPresent();
    }

    /// The generation that is to take over, if there is one.
    public Optional<Next<P>> next() {
        return loop.between(() -> followed.next()
                .filter(built -> generations
                        .next()
                        .filter(next -> next.number() == built.number())
                        .isPresent())
                .map(built -> new Next<>(built.number(), built.projection(), followed.isComplete(built))));
    }

    /// Lets a generation that waits take over, as soon as it is complete.
    public void takeOver(int number) {
        followed.release(number);
        log.nudge();
    }

    /// Gives up a next generation that waits.
    public void dropNext() {
        loop.between(() -> {
            followed.dropNext();
            return true;
        });
    }

    @Override
    public RolledBack rollback() {
        return loop.thenGoOn(followed::rollback);
    }

    /// What the former generation is made of, if there is one that can come back.
    public Optional<String> former() {
        return generations.former();
    }

    @Override
    public boolean awaitVisible(int partition, long position, Duration timeMax) throws InterruptedException {
        return status.awaitVisible(each -> current().visible(each), partition, position, timeMax);
    }

    @Override
    public List<Parked> parked(Tenant tenant, @Nullable String afterKey, int limit) {
        return followed.current().follower().parked().list(tenant, afterKey, limit);
    }

    @Override
    public long parkedCount(Tenant tenant) {
        return followed.current().follower().parked().count(tenant);
    }

    @Override
    public int retry(Tenant tenant, @Nullable String key) {
        return loop.between(() -> putAside().retry(tenant, key));
    }

    @Override
    public Skipped skip(Context context, String key) {
        return loop.between(() -> putAside().skip(context, key));
    }

    private LocalParked putAside() {
        followed.adopt();
        return new LocalParked(name, log, followed.current().follower(), followed.skipped(), clock);
    }

    @Override
    public FollowerHealth health(IntPredicate partitions) {
        var seen = followed.current();
        return status.health(partitions, seen.number(), seen.projection()::visible, followed::progress);
    }

    @Override
    public void close() {
        try {
            loop.close(followed::end);
        } finally {
            generations.close();
        }
    }
}
