package io.cairn.follow;

import io.cairn.event.EventLog;
import io.cairn.guard.Loop;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What lets a follower run: it takes a step, waits for events where there is nothing to do, and backs off while it
/// cannot go on. Between two steps operators may have the follower for themselves.
public final class FollowerLoop implements Loop.Turn {
    private static final System.Logger LOG = System.getLogger(FollowerLoop.class.getName());
    private static final Duration BACKOFF_FIRST = Duration.ofMillis(100);
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(10);

    /// A follower as its loop sees it.
    public interface Steps {
        /// @return whether there was anything to do
        boolean step();

        /// The position that readers see.
        long visible(int partition);

        /// Waits until there may be something to do.
        void awaitMore() throws InterruptedException;
    }

    private final String told;
    private final Steps steps;
    private final Assignment assignment;
    private final FollowerStatus status;
    private final EventLog log;
    private final ReentrantLock applying = new ReentrantLock();
    private @Nullable Loop thread;

    /// @param told what is told of it in the log, such as `Projection lexical`
    public FollowerLoop(String told, Steps steps, Assignment assignment, FollowerStatus status, EventLog log) {
        this.told = told;
        this.steps = steps;
        this.assignment = assignment;
        this.status = status;
        this.log = log;
    }

    /// Follows the log in a thread of its own from now on.
    public void start(String name) {
        thread = Loop.start("cairn-" + name, this);
    }

    /// Takes one step.
    ///
    /// @return whether there was anything to do
    public boolean step() {
        applying.lock();
        try {
            boolean busy = steps.step();
            status.ran();
            return busy;
        } catch (RuntimeException e) {
            assignment.doubt();
            status.failed(e);
            throw e;
        } finally {
            applying.unlock();
            status.stepped(steps::visible);
        }
    }

    /// Does something while no step is taken.
    public <T> T between(Supplier<T> work) {
        applying.lock();
        try {
            return work.get();
        } finally {
            applying.unlock();
        }
    }

    /// The same with something that may give the follower more to do.
    public <T> T thenGoOn(Supplier<T> work) {
        try {
            return between(work);
        } finally {
            log.nudge();
        }
    }

    @Override
    public Duration take() throws InterruptedException {
        if (!step()) {
            steps.awaitMore();
        }
        return Duration.ZERO;
    }

    @Override
    public Duration failed(RuntimeException failure, int inARow) {
        var pause = Loop.backoff(BACKOFF_FIRST, BACKOFF_MAX, inARow);
        var message = "%s cannot go on; next attempt in %s".formatted(told, pause);
        if (failure instanceof TryAgainException) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "%s: %s (%s)".formatted(message, failure.getMessage(), failure.getCause()));
        } else {
            LOG.log(System.Logger.Level.WARNING, message, failure);
        }
        return pause;
    }

    @Override
    public void wake() {
        log.nudge();
    }

    /// Ends the thread, and gives its partitions back, so that other nodes take them without waiting.
    ///
    /// @param last what is done before they are given back
    public void close(Runnable last) {
        if (thread != null) {
            thread.close();
        }
        applying.lock();
        try {
            last.run();
            assignment.close();
        } finally {
            applying.unlock();
        }
    }
}
