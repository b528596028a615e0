package io.cairn.projection;

import io.cairn.event.EventLog;
import io.cairn.tenant.Tenant;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Keeps one projection running on this node: its current generation, and the next one while it is rebuilt.
///
/// @param <P> the projection, as its readers know it
public final class ProjectionHost<P extends Projection> implements AutoCloseable {
    /// The embedded log has one partition; nodes that share several follow each with a host of its own.
    private static final int PARTITION = 0;

    private final String name;
    private final EventLog log;
    private final Generations<P> generations;
    private final ParkedKeys parked;
    private final ProjectionSettings settings;
    private final Clock clock;
    private final ReentrantLock applying = new ReentrantLock();
    private final ReentrantLock waiting = new ReentrantLock();
    private final Condition moved = waiting.newCondition();
    private @Nullable ProjectionThread thread;
    private Follower follower;
    private @Nullable Follower rebuilding;
    private volatile P current;
    private volatile int generation;
    private volatile boolean ran;
    private volatile Instant lastMoved;
    private volatile @Nullable String failure;

    public ProjectionHost(
            String name, EventLog log, Generations<P> generations, ProjectionSettings settings, Clock clock) {
        this.name = name;
        this.log = log;
        this.generations = generations;
        this.parked = new ParkedKeys(log, name);
        this.settings = settings;
        this.clock = clock;
        this.current = generations.current().projection();
        this.generation = generations.current().number();
        this.follower = follow(current);
        this.rebuilding =
                generations.next().map(next -> follow(next.projection())).orElse(null);
        this.lastMoved = clock.instant();
    }

    /// Starts to follow the log in a thread of its own.
    public ProjectionHost<P> start() {
        thread = ProjectionThread.start("cairn-" + name, this, log, PARTITION);
        return this;
    }

    public String name() {
        return name;
    }

    /// The generation that answers.
    public P current() {
        return current;
    }

    /// One step of the current generation, and one of the next if there is one.
    ///
    /// @return whether there was anything to do
    boolean step() {
        applying.lock();
        try {
            boolean busy = follower.step();
            busy |= stepRebuild();
            ran = true;
            failure = null;
            return busy;
        } catch (RuntimeException e) {
            failure = e.toString();
            throw e;
        } finally {
            applying.unlock();
            signal();
        }
    }

    private boolean stepRebuild() {
        var next = rebuilding;
        if (next == null) {
            return false;
        }
        boolean busy = next.step();
        if (next.applied() >= follower.applied()) {
            generations.next().ifPresent(ready -> {
                ready.projection().publish();
                ready.projection().commit();
            });
            generations.promote();
            follower = next;
            rebuilding = null;
            current = generations.current().projection();
            generation = generations.current().number();
        }
        return busy;
    }

    /// How long the thread may sleep without new events before something is due.
    Duration idleMax() {
        return settings.commitEvery();
    }

    long applied() {
        return follower.applied();
    }

    /// Builds a new generation from the first event on, beside the current one, and switches when it has caught up.
    ///
    /// @return the number of the new generation
    public int rebuild() {
        applying.lock();
        try {
            var next = generations.begin();
            rebuilding = follow(next.projection());
            return next.number();
        } finally {
            applying.unlock();
            log.nudge();
        }
    }

    /// Waits until readers see the position.
    ///
    /// @return whether they do
    public boolean awaitVisible(long position, Duration timeMax) throws InterruptedException {
        long nanos = timeMax.toNanos();
        waiting.lock();
        try {
            while (current.visible(PARTITION) < position) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = moved.awaitNanos(nanos);
            }
            return true;
        } finally {
            waiting.unlock();
        }
    }

    public List<ParkedKeys.Parked> parked(Tenant tenant, @Nullable String afterKey, int limit) {
        return parked.list(tenant, afterKey, limit);
    }

    /// Applies what waits in parked streams again.
    ///
    /// @param key a single stream, or null for all
    /// @return how many were retried and are parked no more
    public int retry(Tenant tenant, @Nullable String key) {
        applying.lock();
        try {
            var waitingNow = parked.list(tenant, null, Integer.MAX_VALUE).stream()
                    .filter(found -> key == null || found.key().equals(key))
                    .toList();
            waitingNow.forEach(follower::retry);
            var still = parked.list(tenant, null, Integer.MAX_VALUE).stream()
                    .map(ParkedKeys.Parked::key)
                    .toList();
            return (int) waitingNow.stream()
                    .filter(found -> !still.contains(found.key()))
                    .count();
        } finally {
            applying.unlock();
        }
    }

    public long parkedCount(Tenant tenant) {
        return parked.count(tenant);
    }

    public ProjectionHealth health() {
        long head = log.head(PARTITION).number();
        long visible = current.visible(PARTITION);
        if (!ran) {
            return new ProjectionHealth(
                    name,
                    generation,
                    visible,
                    -1,
                    OptionalDouble.empty(),
                    true,
                    failure == null,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.ofNullable(failure));
        }
        var now = clock.instant();
        var oldest = recordedAt(visible);
        double lag = oldest.map(at -> Math.max(0, Duration.between(at, now).toNanos() / 1e9))
                .orElse(0.0);
        return new ProjectionHealth(
                name,
                generation,
                visible,
                head - visible,
                OptionalDouble.of(lag),
                lag > settings.staleAfter().toSeconds(),
                visible >= head || now.isBefore(lastMoved.plus(settings.stuckAfter())),
                visible == 0 ? Optional.empty() : recordedAt(visible - 1),
                rebuild(head),
                Optional.ofNullable(failure));
    }

    private Optional<ProjectionHealth.Rebuild> rebuild(long head) {
        var next = rebuilding;
        return next == null
                ? Optional.empty()
                : Optional.of(new ProjectionHealth.Rebuild(generation + 1, next.applied(), head));
    }

    private Optional<Instant> recordedAt(long after) {
        return log.after(PARTITION, after, 1, 1).stream().findFirst().map(event -> event.recordedAt());
    }

    private Follower follow(P projection) {
        return new Follower(log, projection, parked, settings, clock, PARTITION);
    }

    private long seen;

    private void signal() {
        long visible = current.visible(PARTITION);
        if (visible != seen) {
            seen = visible;
            lastMoved = clock.instant();
        }
        waiting.lock();
        try {
            moved.signalAll();
        } finally {
            waiting.unlock();
        }
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.close();
        }
        applying.lock();
        try {
            if (follower.uncommitted()) {
                current.commit();
            }
        } finally {
            applying.unlock();
            generations.close();
        }
    }
}
