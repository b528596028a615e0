package io.cairn.event;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.IntToLongFunction;
import java.util.function.LongSupplier;

/// The last known head of each partition, and the place to wait for the next.
///
/// What this process appends is known at once. Where others append to the same storage, the storage is asked too: by
/// whoever reads or waits, by one for all, and no more often than an answer of a given age needs.
final class Heads {
    // Two locks: `asking` is held while the storage is asked, `lock` guards the sign that heads have moved. `lock` may
    // be taken under `asking`, never the other way round, so nothing under `lock` may ask the storage.

    private final LogStorage storage;
    private final long ageNanosMax;
    private final LongSupplier nanos;
    private final Map<Integer, Head> known = new ConcurrentSkipListMap<>();
    private final ReentrantLock asking = new ReentrantLock();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private volatile long askedAt;
    private volatile boolean doubted = true;
    private long nudges;

    /// @param ageMax how old an answer may be where others append too
    /// @param nanos time that never goes back
    Heads(LogStorage storage, Duration ageMax, LongSupplier nanos) {
        this.storage = storage;
        this.ageNanosMax = ageMax.toNanos();
        this.nanos = nanos;
    }

    Head current(int partition) {
        askIfDue();
        var head = known.get(partition);
        if (head == null) {
            throw new IllegalArgumentException("The log has no partition " + partition);
        }
        return head;
    }

    /// In the order of the partitions.
    List<Head> all() {
        askIfDue();
        return List.copyOf(known.values());
    }

    void advance(Head head) {
        known.merge(head.partition(), head, (old, next) -> next.number() > old.number() ? next : old);
        signal();
    }

    /// What became of a commit is not known: whoever reads or waits next asks the storage.
    void doubt() {
        doubted = true;
        signal();
    }

    /// Ends every wait.
    void nudge() {
        lock.lock();
        try {
            nudges++;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean awaitPast(int partition, long position, Duration timeMax) throws InterruptedException {
        current(partition);
        return await(() -> past(partition, position), timeMax);
    }

    /// Waits until any partition has events past what was reached in it.
    boolean awaitPast(IntToLongFunction reached, Duration timeMax) throws InterruptedException {
        return await(
                () -> known.keySet().stream().anyMatch(partition -> past(partition, reached.applyAsLong(partition))),
                timeMax);
    }

    private boolean past(int partition, long position) {
        var head = known.get(partition);
        return head != null && head.number() > position;
    }

    /// @param met judges by what is known
    private boolean await(BooleanSupplier met, Duration timeMax) throws InterruptedException {
        long end = nanos.getAsLong() + timeMax.toNanos();
        long before = nudges();
        while (true) {
            askIfDue();
            lock.lockInterruptibly();
            try {
                long left = end - nanos.getAsLong();
                if (met.getAsBoolean()) {
                    return true;
                }
                if (left <= 0 || nudges != before) {
                    return false;
                }
                if (!askDue()) {
                    moved.awaitNanos(storage.shared() ? Math.min(left, ageNanosMax) : left);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private long nudges() {
        lock.lock();
        try {
            return nudges;
        } finally {
            lock.unlock();
        }
    }

    private boolean askDue() {
        return doubted || (storage.shared() && nanos.getAsLong() - askedAt > ageNanosMax);
    }

    /// One caller asks the storage and the others wait. If the answer is too old for one of them, that one asks again.
    private void askIfDue() {
        if (!askDue()) {
            return;
        }
        asking.lock();
        try {
            if (askDue()) {
                ask();
            }
        } finally {
            asking.unlock();
        }
    }

    /// As an operation of its own: who happens to ask does it for all who wait, and may wait for hours.
    private void ask() {
        doubted = false;
        long now = nanos.getAsLong();
        try {
            List<Head> heads = storage.operation(() -> "heads", 1, () -> storage.read(ReadSnapshot::heads));
            heads.forEach(this::advance);
            askedAt = now;
        } catch (RuntimeException e) {
            doubted = true;
            throw e;
        }
    }

    private void signal() {
        lock.lock();
        try {
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
