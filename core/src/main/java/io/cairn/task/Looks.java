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
import java.util.random.RandomGenerator;

/// When the rows of tasks are looked at: as soon as this process has changed them, and otherwise now and then, since
/// other nodes enqueue too.
final class Looks {
    private final LongSupplier nanos;
    private final long everyNanos;
    private final RandomGenerator random;
    private final AtomicBoolean ready = new AtomicBoolean(true);
    private final AtomicBoolean messages = new AtomicBoolean(true);
    private final Semaphore nudged = new Semaphore(0);
    private boolean looked;
    private boolean asked;
    private long nextPoll;

    /// The tenants of this node's partitions that have rows of each kind.
    record Look(List<Tenant> ready, List<Tenant> messages, List<Tenant> timers) {}

    /// @param every how late what another node has enqueued may be noticed
    /// @param random so that nodes which began together do not ask the store in step
    Looks(LongSupplier nanos, Duration every, RandomGenerator random) {
        this.nanos = nanos;
        this.everyNanos = every.toNanos();
        this.random = random;
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

    /// Waits until something happens, or it is time to poll; a node that has no slots does not.
    void await() throws InterruptedException {
        await(asked ? Math.max(0, nextPoll - nanos.getAsLong()) : everyNanos);
        asked = false;
    }

    /// Waits for less than a poll's time.
    void await(long nanosMax) throws InterruptedException {
        if (nudged.tryAcquire(nanosMax, TimeUnit.NANOSECONDS)) {
            nudged.drainPermits();
        }
    }

    /// What is to be looked at now.
    Due next() {
        asked = true;
        long now = nanos.getAsLong();
        boolean poll = !looked || now - nextPoll >= 0;
        if (poll) {
            looked = true;
            nextPoll = now + everyNanos / 2 + random.nextLong(everyNanos / 2 + 1);
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
