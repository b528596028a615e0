package io.cairn.follow;

import io.cairn.event.EventLog;
import io.cairn.event.Head;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/// The status of a follower on this node: whether it runs, how far its readers see, and who waits until they see
/// more.
public final class FollowerStatus {
    private final String name;
    private final EventLog log;
    private final FollowSettings settings;
    private final Progress progress;
    private final ReentrantLock waiting = new ReentrantLock();
    private final Condition moved = waiting.newCondition();
    private volatile boolean ran;
    private volatile @Nullable String failure;

    public FollowerStatus(String name, EventLog log, FollowSettings settings, Clock clock) {
        this.name = name;
        this.log = log;
        this.settings = settings;
        this.progress = new Progress(log, clock);
    }

    public void ran() {
        ran = true;
        failure = null;
    }

    public void failed(RuntimeException e) {
        failure = e.getCause() == null ? e.toString() : "%s (%s)".formatted(e.getMessage(), e.getCause());
    }

    /// Tells those who wait that a step is over, so that they look how far readers see now.
    public void stepped(IntToLongFunction visible) {
        progress.observe(visible);
        waiting.lock();
        try {
            moved.signalAll();
        } finally {
            waiting.unlock();
        }
    }

    /// Waits until readers see the position of a partition.
    ///
    /// @return whether they do
    public boolean awaitVisible(IntToLongFunction visible, int partition, long position, Duration timeMax)
            throws InterruptedException {
        long nanos = timeMax.toNanos();
        waiting.lock();
        try {
            while (visible.applyAsLong(partition) < position) {
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

    /// @param partitions those that are looked at
    /// @param rebuild how far a rebuild is, given their heads
    public FollowerHealth health(
            IntPredicate partitions,
            int generation,
            IntToLongFunction visible,
            Function<List<Head>, Optional<FollowerHealth.Rebuild>> rebuild) {
        var all = log.heads();
        var positions =
                all.stream().map(head -> visible.applyAsLong(head.partition())).toList();
        var heads =
                all.stream().filter(head -> partitions.test(head.partition())).toList();
        if (!ran) {
            return new FollowerHealth(
                    name,
                    generation,
                    positions,
                    -1,
                    OptionalDouble.empty(),
                    true,
                    failure == null,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.ofNullable(failure));
        }
        double lag = progress.lagSeconds(heads, visible);
        return new FollowerHealth(
                name,
                generation,
                positions,
                Progress.behind(heads, visible),
                OptionalDouble.of(lag),
                lag > settings.staleAfter().toSeconds(),
                progress.advancing(heads, visible, settings.stuckAfter()),
                progress.lastEventAt(heads, visible),
                rebuild.apply(heads),
                Optional.ofNullable(failure));
    }
}
