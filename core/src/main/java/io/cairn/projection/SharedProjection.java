package io.cairn.projection;

import io.cairn.event.EventLog;
import io.cairn.event.Head;
import io.cairn.lease.Leases;
import io.cairn.lease.Share;
import io.cairn.row.Table;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Keeps one row projection running, together with the other nodes: each partition is followed by the one node that
/// holds its lease, and every node can tell how far each has come.
public final class SharedProjection implements AutoCloseable {
    static final int GENERATION = 1;

    /// How late this node may notice what another one applied.
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final String name;
    private final EventLog log;
    private final Share share;
    private final SharedFollower follower;
    private final SharedParking parking;
    private final ProjectionSettings settings;
    private final Duration idleMax;
    private final Standing standing;
    private final Map<Integer, Long> visible = new ConcurrentHashMap<>();
    private final ReentrantLock applying = new ReentrantLock();
    private @Nullable ProjectionThread thread;

    public SharedProjection(
            RowProjection projection, EventLog log, Leases leases, ProjectionSettings settings, Clock clock) {
        projection.tables().stream()
                .filter(table -> table.kind() != Table.Kind.DERIVED)
                .forEach(table -> {
                    throw new IllegalArgumentException("Table %s of projection %s is %s, not derived from the log"
                            .formatted(table.name(), projection.name(), table.kind()));
                });
        this.name = projection.name();
        this.log = log;
        this.share = leases.share("projection:" + name, log.partitions());
        this.follower = new SharedFollower(log, projection, settings, clock);
        this.parking = new SharedParking(log, projection, clock);
        this.settings = settings;
        this.idleMax = leases.settings().beatEvery();
        this.standing = new Standing(name, log, settings, clock);
    }

    /// The tables in which it is kept how far shared projections have come.
    public static List<Table> tables() {
        return List.of(Checkpoint.TABLE);
    }

    /// Starts to follow the log in a thread of its own.
    public SharedProjection start() {
        thread = ProjectionThread.start(
                "cairn-" + name,
                new ProjectionThread.Steps() {
                    @Override
                    public String name() {
                        return name;
                    }

                    @Override
                    public boolean step() {
                        return SharedProjection.this.step();
                    }

                    @Override
                    public void awaitMore() throws InterruptedException {
                        SharedProjection.this.awaitMore();
                    }
                },
                log);
        return this;
    }

    public String name() {
        return name;
    }

    /// Takes and gives back partitions as is due, applies one batch of each that is held, and looks how far the others
    /// have come.
    ///
    /// @return whether there was anything to do
    boolean step() {
        applying.lock();
        try {
            share.step();
            boolean busy = false;
            for (var head : log.heads()) {
                busy |= follow(head);
            }
            look();
            standing.ran();
            return busy;
        } catch (RuntimeException e) {
            share.doubt();
            standing.failed(e);
            throw e;
        } finally {
            applying.unlock();
            standing.stepped(this::visible);
        }
    }

    private boolean follow(Head head) {
        var lease = share.lease(head.partition());
        if (lease.isEmpty()) {
            return false;
        }
        return switch (follower.step(lease.get(), head.number())) {
            case IDLE -> false;
            case APPLIED -> true;
            case OVERTAKEN -> {
                share.doubt();
                yield true;
            }
        };
    }

    private void look() {
        Checkpoint.all(log, name)
                .forEach(checkpoint -> visible.merge(checkpoint.partition(), checkpoint.position(), Math::max));
    }

    /// What other nodes apply does not wake anybody here, so this node looks again soon while they are behind.
    private void awaitMore() throws InterruptedException {
        boolean othersBehind = log.heads().stream()
                .anyMatch(head -> share.lease(head.partition()).isEmpty() && visible(head.partition()) < head.number());
        log.awaitPast(
                partition -> share.lease(partition).isPresent() || !othersBehind ? visible(partition) : Long.MAX_VALUE,
                othersBehind ? LOOK_EVERY : idleMax);
    }

    /// The position that readers see.
    public long visible(int partition) {
        return visible.getOrDefault(partition, 0L);
    }

    /// Whether this node looks after a partition.
    boolean holds(int partition) {
        return share.lease(partition).isPresent();
    }

    /// Waits until readers see the position of a partition, whichever node applies it.
    ///
    /// @return whether they do
    public boolean awaitVisible(int partition, long position, Duration timeMax) throws InterruptedException {
        return standing.awaitVisible(this::visible, partition, position, timeMax);
    }

    public List<ParkedKeys.Parked> parked(Tenant tenant, @Nullable String afterKey, int limit) {
        return parking.parked().list(tenant, afterKey, limit);
    }

    public long parkedCount(Tenant tenant) {
        return parking.parked().count(tenant);
    }

    /// Applies what waits in parked streams again, on whichever node.
    ///
    /// @param key a single stream, or null for all
    /// @return how many were retried and are parked no more
    public int retry(Tenant tenant, @Nullable String key) {
        applying.lock();
        try {
            return (int) parked(tenant, null, Integer.MAX_VALUE).stream()
                    .map(ParkedKeys.Parked::key)
                    .filter(parked -> key == null || parked.equals(key))
                    .filter(parked -> parking.retry(tenant, parked))
                    .count();
        } finally {
            applying.unlock();
        }
    }

    /// Does without what waits in a parked stream, for good, on whichever node.
    ///
    /// @param context who decided so
    public Skipped skip(Context context, String key) {
        applying.lock();
        try {
            return parking.skip(context, key).<Skipped>map(Skipped.Done::new).orElseGet(Skipped.NotParked::new);
        } finally {
            applying.unlock();
        }
    }

    public ProjectionHealth health() {
        return standing.health(GENERATION, this::visible, heads -> Optional.empty());
    }

    /// Gives its partitions back, so that other nodes take them without waiting.
    @Override
    public void close() {
        if (thread != null) {
            thread.close();
        }
        applying.lock();
        try {
            share.close();
        } finally {
            applying.unlock();
        }
    }
}
