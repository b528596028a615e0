package io.cairn.follow;

import io.cairn.event.EventLog;
import io.cairn.lease.Lease;
import io.cairn.lease.Share;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/// The partitions that this node follows: all of them or, where nodes share the work, those of which it holds the
/// lease.
public final class Assignment implements AutoCloseable {
    /// How late this node may notice what another one applied.
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final EventLog log;
    private final @Nullable Share share;

    private Assignment(EventLog log, @Nullable Share share) {
        this.log = log;
        this.share = share;
    }

    public static Assignment everything(EventLog log) {
        return new Assignment(log, null);
    }

    public static Assignment of(EventLog log, Share share) {
        return new Assignment(log, share);
    }

    /// Takes and gives back partitions as is due.
    public void step() {
        if (share != null) {
            share.step();
        }
    }

    public boolean holds(int partition) {
        return share == null || lease(partition).isPresent();
    }

    /// The lease under which a partition is followed, if it takes one.
    public Optional<Lease> lease(int partition) {
        return share == null ? Optional.empty() : share.lease(partition);
    }

    /// Holds a partition from now on, even if another node did.
    ///
    /// @return the lease, if it takes one
    public Optional<Lease> seize(int partition) {
        return share == null ? Optional.empty() : Optional.of(share.seize(partition));
    }

    /// Makes the next step look which partitions are held, since a fence may not hold.
    public void doubt() {
        if (share != null) {
            share.doubt();
        }
    }

    /// Waits for events of the partitions that are held. Nothing wakes this node when another one applies events,
    /// so it looks again soon while other partitions are behind or something is being built.
    ///
    /// @param seen positions by partition, as this node knows them
    public void awaitMore(IntToLongFunction seen, boolean building, Duration timeMax) throws InterruptedException {
        if (share == null) {
            log.feed().awaitPast(seen, timeMax);
            return;
        }
        boolean soon = building
                || log.heads().stream()
                        .anyMatch(
                                head -> !holds(head.partition()) && seen.applyAsLong(head.partition()) < head.number());
        var idleMax = timeMax.compareTo(share.every()) < 0 ? timeMax : share.every();
        log.feed()
                .awaitPast(
                        partition -> soon && !holds(partition) ? Long.MAX_VALUE : seen.applyAsLong(partition),
                        soon ? LOOK_EVERY : idleMax);
    }

    /// Gives everything back.
    @Override
    public void close() {
        if (share != null) {
            share.close();
        }
    }
}
