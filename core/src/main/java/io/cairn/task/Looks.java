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
    private final AtomicBoolean ready = new AtomicBoolean(true);
    private final AtomicBoolean messages = new AtomicBoolean(true);
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

    Look next(EventLog log, Set<Integer> partitions) {
        long now = nanos.getAsLong();
        boolean due = !looked || now - lookedAt >= every.toNanos();
        if (partitions.isEmpty()) {
            return Look.NONE;
        }
        boolean forReady = ready.getAndSet(false) || due;
        boolean forMessages = messages.getAndSet(false) || due;
        if (!forReady && !forMessages) {
            return Look.NONE;
        }
        try {
            var look = log.feed()
                    .read(snapshot -> new Look(
                            forReady ? inOwn(log, partitions, snapshot.tenants(TaskTables.READY)) : List.of(),
                            forMessages ? inOwn(log, partitions, snapshot.tenants(TaskTables.INBOX)) : List.of(),
                            due ? inOwn(log, partitions, snapshot.tenants(TaskTables.TIMER)) : List.of()));
            if (due) {
                looked = true;
                lookedAt = now;
            }
            return look;
        } catch (RuntimeException e) {
            wake();
            throw e;
        }
    }

    private static List<Tenant> inOwn(EventLog log, Set<Integer> partitions, List<Tenant> tenants) {
        return tenants.stream()
                .filter(tenant -> partitions.contains(log.partition(tenant)))
                .toList();
    }
}
