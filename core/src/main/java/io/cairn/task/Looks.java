package io.cairn.task;

import io.cairn.event.EventLog;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/// When the rows of tasks are looked at: as soon as this process has changed them, and otherwise now and then, since
/// other nodes enqueue too.
final class Looks {
    private final LongSupplier nanos;
    private final Duration every;
    private final AtomicBoolean woken = new AtomicBoolean(true);
    private final Semaphore nudged = new Semaphore(0);
    private boolean looked;
    private long lookedAt;

    /// The tenants of this node's partitions that have rows of each kind.
    record Look(List<Tenant> ready, List<Tenant> messages, List<Tenant> timers) {
        static final Look NONE = new Look(List.of(), List.of(), List.of());

        boolean isEmpty() {
            return ready.isEmpty() && messages.isEmpty() && timers.isEmpty();
        }
    }

    Looks(LongSupplier nanos, Duration every) {
        this.nanos = nanos;
        this.every = every;
    }

    /// Rows have changed.
    void wake() {
        woken.set(true);
        nudge();
    }

    /// Something has happened, though not to rows.
    void nudge() {
        if (nudged.availablePermits() == 0) {
            nudged.release();
        }
    }

    void await() throws InterruptedException {
        if (nudged.tryAcquire(every.toNanos(), TimeUnit.NANOSECONDS)) {
            nudged.drainPermits();
        }
    }

    Look next(EventLog log, Set<Integer> partitions) {
        long now = nanos.getAsLong();
        boolean due = !looked || now - lookedAt >= every.toNanos();
        if (partitions.isEmpty() || !woken.getAndSet(false) && !due) {
            return Look.NONE;
        }
        try {
            var look = log.feed().read(snapshot -> new Look(
                    inOwn(log, partitions, snapshot.tenants(TaskTables.READY)),
                    inOwn(log, partitions, snapshot.tenants(TaskTables.INBOX)),
                    inOwn(log, partitions, snapshot.tenants(TaskTables.TIMER))));
            looked = true;
            lookedAt = now;
            return look;
        } catch (RuntimeException e) {
            woken.set(true);
            throw e;
        }
    }

    private static List<Tenant> inOwn(EventLog log, Set<Integer> partitions, List<Tenant> tenants) {
        return tenants.stream()
                .filter(tenant -> partitions.contains(log.partition(tenant)))
                .toList();
    }
}
