package io.cairn.task;

import io.cairn.event.EventLog;
import io.cairn.event.ReadSnapshot;
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
    private final AtomicBoolean ready = new AtomicBoolean(true);
    private final AtomicBoolean messages = new AtomicBoolean(true);
    private final Semaphore nudged = new Semaphore(0);
    private boolean looked;
    private long lookedAt;

    /// The tenants of this node's partitions that have rows of each kind.
    record Look(List<Tenant> ready, List<Tenant> messages, List<Tenant> timers) {}

    Looks(LongSupplier nanos, Duration every) {
        this.nanos = nanos;
        this.every = every;
    }

    /// Everything is to be looked at.
    void wake() {
        messages.set(true);
        wakeReady();
    }

    /// Tasks have become ready, or there is room for some that are.
    void wakeReady() {
        ready.set(true);
        nudge();
    }

    /// Somebody has left a message.
    void wakeMessages() {
        messages.set(true);
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

    /// Waits for less than a poll's time.
    void await(long nanosMax) throws InterruptedException {
        if (nudged.tryAcquire(nanosMax, TimeUnit.NANOSECONDS)) {
            nudged.drainPermits();
        }
    }

    /// What is to be looked at now.
    Due next() {
        long now = nanos.getAsLong();
        boolean poll = !looked || now - lookedAt >= every.toNanos();
        if (poll) {
            looked = true;
            lookedAt = now;
        }
        return new Due(ready.getAndSet(false) || poll, messages.getAndSet(false) || poll, poll);
    }

    /// Which rows are to be looked at.
    record Due(boolean ready, boolean messages, boolean timers) {
        boolean any() {
            return ready || messages || timers;
        }

        Look in(ReadSnapshot snapshot, EventLog log, Set<Integer> partitions) {
            return new Look(
                    ready ? inOwn(log, partitions, snapshot.tenants(TaskTables.READY)) : List.of(),
                    messages ? inOwn(log, partitions, snapshot.tenants(TaskTables.INBOX)) : List.of(),
                    timers ? inOwn(log, partitions, snapshot.tenants(TaskTables.TIMER)) : List.of());
        }
    }

    private static List<Tenant> inOwn(EventLog log, Set<Integer> partitions, List<Tenant> tenants) {
        return tenants.stream()
                .filter(tenant -> partitions.contains(log.partition(tenant)))
                .toList();
    }
}
