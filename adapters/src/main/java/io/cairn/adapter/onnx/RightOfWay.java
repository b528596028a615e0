package io.cairn.adapter.onnx;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Queries go first: a thread that embeds passages waits between two runs while a query is under way.
///
/// It waits so long at most, so that passages creep on however many queries there are.
final class RightOfWay {
    private static final long PATIENCE_MILLIS = 50;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition free = lock.newCondition();
    private volatile int queries;

    void queryStarts() {
        lock.lock();
        queries++;
        lock.unlock();
    }

    void queryEnds() {
        lock.lock();
        queries--;
        if (queries == 0) {
            free.signalAll();
        }
        lock.unlock();
    }

    void giveWay() throws InterruptedException {
        if (queries == 0) {
            return;
        }
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
            while (queries > 0 && left > 0) {
                left = free.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
