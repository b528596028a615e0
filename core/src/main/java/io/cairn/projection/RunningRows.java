package io.cairn.projection;

import io.cairn.event.EventLog;
import io.cairn.follow.Assignment;
import io.cairn.follow.FollowSettings;
import io.cairn.follow.FollowerHealth;
import io.cairn.follow.FollowerLoop;
import io.cairn.follow.FollowerStatus;
import io.cairn.follow.Parked;
import io.cairn.follow.ParkedKeys;
import io.cairn.follow.Skipped;
import io.cairn.lease.Leases;
import io.cairn.projection.GenerationRows.Generation;
import io.cairn.row.Table;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// A row projection that runs on this node together with the other nodes, in the log's database. The one node that
/// holds a partition's lease follows it, in the current generation and in the next one while that is built. Every
/// node can tell how far each partition is.
public final class RunningRows implements RunningProjection {
    private final String name;
    private final EventLog log;
    private final Leases leases;
    private final Assignment assignment;
    private final RowGenerations generations;
    private final FollowedRows followed;
    private final FollowerStatus status;
    private final FollowerLoop loop;
    private boolean opened;

    public RunningRows(RowProjection projection, EventLog log, Leases leases, FollowSettings settings, Clock clock) {
        RowProjectionCheck.check(projection);
        this.name = projection.name();
        this.log = log;
        this.leases = leases;
        this.assignment = Assignment.of(log, leases.share(leaseName(projection.version()), log.partitions()));
        this.generations = new RowGenerations(log, projection);
        this.followed = new FollowedRows(projection, log, assignment, generations, settings, clock);
        this.status = new FollowerStatus(name, log, settings, clock);
        this.loop = new FollowerLoop("Projection " + name, new Steps(), assignment, status, log);
    }

    /// The tables in which the generations are kept, besides those of every [follower][RunningFollower#tables()].
    public static List<Table> tables() {
        return List.of(GenerationRows.TABLE);
    }

    /// Starts to follow the log in a thread of its own.
    public RunningRows start() {
        loop.start(name);
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    /// Takes and gives back partitions as is due, applies one batch of each that is held, and looks how far the others
    /// have come.
    ///
    /// @return whether there was anything to do
    public boolean step() {
        return loop.step();
    }

    private final class Steps implements FollowerLoop.Steps {
        @Override
        public boolean step() {
            open();
            assignment.step();
            return followed.step();
        }

        @Override
        public long visible(int partition) {
            return followed.visible(partition);
        }

        @Override
        public void awaitMore() throws InterruptedException {
            followed.awaitMore();
        }
    }

    private void open() {
        if (!opened) {
            generations.open();
            followed.look();
            opened = true;
        }
    }

    /// The position that readers see.
    public long visible(int partition) {
        return followed.visible(partition);
    }

    /// Whether this node holds a partition.
    boolean holds(int partition) {
        return assignment.holds(partition);
    }

    /// Waits until readers see the position of a partition, whichever node applies it.
    ///
    /// @return whether they do
    @Override
    public boolean awaitVisible(int partition, long position, Duration timeMax) throws InterruptedException {
        return status.awaitVisible(followed::visible, partition, position, timeMax);
    }

    @Override
    public int rebuild() {
        return loop.thenGoOn(() -> {
            open();
            int number = generations.begin();
            followed.look();
            return number;
        });
    }

    @Override
    public RolledBack rollback() {
        return loop.thenGoOn(() -> {
            open();
            var refusal = generations.noWayBack();
            if (refusal.isPresent()) {
                return refusal.get();
            }
            var revived = generations.revive();
            followed.look();
            return revived.isPresent()
                    ? new RolledBack.Begun(revived.getAsInt())
                    : new RolledBack.Refused("Another generation of %s was begun just now".formatted(name));
        });
    }

    @Override
    public List<Parked> parked(Tenant tenant, @Nullable String afterKey, int limit) {
        return parked().map(parked -> parked.list(tenant, afterKey, limit)).orElse(List.of());
    }

    @Override
    public long parkedCount(Tenant tenant) {
        return parked().map(parked -> parked.count(tenant)).orElse(0L);
    }

    private Optional<ParkedKeys> parked() {
        return followed.current()
                .or(() -> generations.known().current())
                .map(current -> new ParkedKeys(log, name, current.number()));
    }

    /// Applies what waits in parked streams again; a generation of another version is left alone.
    @Override
    public int retry(Tenant tenant, @Nullable String key) {
        return loop.between(() -> {
            open();
            followed.look();
            return followed.ofCurrent()
                    .map(follower -> follower.retry(tenant, key))
                    .orElse(0);
        });
    }

    @Override
    public Skipped skip(Context context, String key) {
        return loop.between(() -> {
            open();
            followed.look();
            return followed.ofCurrent()
                    .map(follower -> follower.skip(context, key))
                    .or(() -> followed.current().map(current -> skipForAnotherVersion(current, context, key)))
                    .orElseGet(Skipped.NotParked::new);
        });
    }

    /// Skips under the lease of another version, whose nodes get the lease back at once.
    private Skipped skipForAnotherVersion(Generation current, Context context, String key) {
        var lease = leases.seize(leaseName(current.version()), log.partition(context.tenant()));
        try {
            return followed.following(current).skip(lease, context, key);
        } finally {
            leases.release(lease);
        }
    }

    private String leaseName(int version) {
        return "projection:%s:%d".formatted(name, version);
    }

    @Override
    public FollowerHealth health(IntPredicate partitions) {
        return followed.health(status, partitions);
    }

    /// Gives its partitions back, so that other nodes take them without waiting.
    @Override
    public void close() {
        loop.close(followed::end);
    }
}
