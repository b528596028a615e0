package io.cairn.event;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The last known head of each partition, and the place to wait for the next.
final class Heads {
    private final LogStorage storage;
    private final Map<Integer, Head> current = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private long nudges;

    Heads(LogStorage storage) {
        this.storage = storage;
    }

    Head current(int partition) {
        return current.computeIfAbsent(partition, p -> storage.read(snapshot -> snapshot.head(p)));
    }

    void advance(Head head) {
        current.merge(head.partition(), head, (old, next) -> next.number() > old.number() ? next : old);
        lock.lock();
        try {
            moved.signalAll();
        } finally {
            lock.unlock();
        }
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
        long nanos = timeMax.toNanos();
        lock.lock();
        try {
            long before = nudges;
            while (current(partition).number() <= position) {
                if (nanos <= 0 || nudges != before) {
                    return false;
                }
                nanos = moved.awaitNanos(nanos);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
