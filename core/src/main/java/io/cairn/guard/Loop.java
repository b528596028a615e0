package io.cairn.guard;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A thread that takes one turn after another until it is closed, with a rest after each.
///
/// It is never interrupted, since an interrupt would close files under an index or a database that is being written.
/// What a turn waits for ends by itself, or is [ended][Turn#wake()].
public final class Loop implements AutoCloseable {
    /// What is done again and again.
    public interface Turn {
        /// Does what is due.
        ///
        /// @return how long to rest before the next turn
        Duration take() throws InterruptedException;

        /// Tells that a turn failed.
        ///
        /// @param inARow how many turns have failed, one after another
        /// @return how long to rest before the next one
        Duration failed(RuntimeException failure, int inARow);

        /// Ends what a turn waits for, so that the loop can end.
        default void wake() {
            // Most turns wait for nothing.
        }
    }

    private final Turn turn;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;
    private int failures;

    private Loop(String name, Duration first, Turn turn) {
        this.turn = turn;
        this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(() -> run(first));
    }

    public static Loop start(String name, Turn turn) {
        return starting(name, Duration.ZERO, Thread.NORM_PRIORITY, turn);
    }

    /// @param first rest before the first turn
    public static Loop start(String name, Duration first, Turn turn) {
        return starting(name, first, Thread.NORM_PRIORITY, turn);
    }

    /// A loop that gives way to the other threads.
    public static Loop inBackground(String name, Duration first, Turn turn) {
        return starting(name, first, Thread.MIN_PRIORITY, turn);
    }

    private static Loop starting(String name, Duration first, int priority, Turn turn) {
        var loop = new Loop(name, first, turn);
        loop.thread.setPriority(priority);
        loop.thread.start();
        return loop;
    }

    /// The pause after so many failures in a row, which doubles with each.
    public static Duration backoff(Duration first, Duration longest, int inARow) {
        var pause = first.multipliedBy(1L << Math.min(inARow - 1, 20));
        return pause.compareTo(longest) < 0 ? pause : longest;
    }

    private void run(Duration first) {
        try {
            var rest = first;
            while (!rest(rest)) {
                rest = next();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean rest(Duration time) throws InterruptedException {
        return stopping.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private Duration next() throws InterruptedException {
        try {
            var rest = turn.take();
            failures = 0;
            return rest;
        } catch (RuntimeException e) {
            failures++;
            return turn.failed(e, failures);
        }
    }

    /// Waits for the end of the turn that is under way; there is no other.
    @Override
    public void close() {
        stopping.countDown();
        turn.wake();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
