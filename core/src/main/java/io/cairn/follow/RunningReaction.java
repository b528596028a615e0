package io.cairn.follow;

import io.cairn.event.EventLog;
import io.cairn.lease.Leases;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A reaction that runs on this node, together with the other nodes: each partition is followed by the one node that
/// holds its lease, and every node can tell how far each has come.
public final class RunningReaction implements RunningFollower {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");

    private final String name;
    private final EventLog log;
    private final Assignment assignment;
    private final LeasedFollower follower;
    private final FollowSettings settings;
    private final FollowerStatus status;
    private final ParkedKeys parked;
    private final FollowerLoop loop;
    private volatile Map<Integer, Long> reached = Map.of();

    public RunningReaction(Reaction reaction, EventLog log, Leases leases, FollowSettings settings, Clock clock) {
        if (!NAME.matcher(reaction.name()).matches()) {
            throw new IllegalArgumentException(
                    "A reaction is named with up to 40 lower-case letters, digits and hyphens, not '%s'"
                            .formatted(reaction.name()));
        }
        this.name = reaction.name();
        this.log = log;
        this.assignment = Assignment.of(log, leases.share("reaction:" + name, log.partitions()));
        this.follower = new LeasedFollower(log, LeasedWork.of(reaction), assignment, settings, clock);
        this.settings = settings;
        this.status = new FollowerStatus(name, log, settings, clock);
        this.parked = ParkedKeys.ofReaction(log, name, LeasedWork.REACTION);
        this.loop = new FollowerLoop("Reaction " + name, new Steps(), assignment, status, log);
    }

    /// Starts to follow the log in a thread of its own.
    public RunningReaction start() {
        loop.start(name);
        return this;
    }

    /// Takes and gives back partitions as is due, reacts to one batch of each that is held, and looks how far the
    /// others have come.
    ///
    /// @return whether there was anything to do
    public boolean step() {
        return loop.step();
    }

    private final class Steps implements FollowerLoop.Steps {
        @Override
        public boolean step() {
            assignment.step();
            boolean busy = follower.step();
            look();
            return busy;
        }

        @Override
        public long visible(int partition) {
            return reached(partition);
        }

        @Override
        public void awaitMore() throws InterruptedException {
            assignment.awaitMore(RunningReaction.this::reached, false, settings.commitEvery());
        }
    }

    private void look() {
        var positions = new HashMap<Integer, Long>();
        log.<List<Checkpoint>>read(Tenant.CAIRN, view -> Checkpoint.all(view, name)).stream()
                .filter(checkpoint -> checkpoint.generation() == LeasedWork.REACTION)
                .forEach(checkpoint -> positions.put(checkpoint.partition(), checkpoint.position()));
        reached = positions;
    }

    private long reached(int partition) {
        return reached.getOrDefault(partition, 0L);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FollowerHealth health(IntPredicate partitions) {
        return status.health(partitions, LeasedWork.REACTION, this::reached, heads -> Optional.empty());
    }

    /// Waits until it has reacted to everything up to a position, on whichever node.
    @Override
    public boolean awaitVisible(int partition, long position, Duration timeMax) throws InterruptedException {
        return status.awaitVisible(this::reached, partition, position, timeMax);
    }

    @Override
    public List<Parked> parked(Tenant tenant, @Nullable String afterKey, int limit) {
        return parked.list(tenant, afterKey, limit);
    }

    @Override
    public long parkedCount(Tenant tenant) {
        return parked.count(tenant);
    }

    @Override
    public int retry(Tenant tenant, @Nullable String key) {
        return loop.between(() -> follower.retry(tenant, key));
    }

    @Override
    public Skipped skip(Context context, String key) {
        return loop.between(() -> follower.skip(context, key));
    }

    /// Gives its partitions back, so that other nodes take them without waiting.
    @Override
    public void close() {
        loop.close(follower::end);
    }
}
