package io.cairn.follow;

import io.cairn.event.EventLog;
import io.cairn.guard.Loop;
import java.time.Duration;

/// The turns of a follower: it takes a step, waits for events where there is nothing to do, and backs off while it
/// cannot go on.
public final class FollowerLoop implements Loop.Turn {
    private static final System.Logger LOG = System.getLogger(FollowerLoop.class.getName());
    private static final Duration BACKOFF_FIRST = Duration.ofMillis(100);
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(10);

    /// A follower as its thread sees it.
    public interface Steps {
        /// What is told of it in the log, such as `Projection lexical`.
        String name();

        /// @return whether there was anything to do
        boolean step();

        /// Waits until there may be something to do.
        void awaitMore() throws InterruptedException;
    }

    private final Steps steps;
    private final EventLog log;

    private FollowerLoop(Steps steps, EventLog log) {
        this.steps = steps;
        this.log = log;
    }

    public static Loop start(String thread, Steps steps, EventLog log) {
        return Loop.start(thread, new FollowerLoop(steps, log));
    }

    @Override
    public Duration take() throws InterruptedException {
        if (!steps.step()) {
            steps.awaitMore();
        }
        return Duration.ZERO;
    }

    @Override
    public Duration failed(RuntimeException failure, int inARow) {
        var pause = Loop.backoff(BACKOFF_FIRST, BACKOFF_MAX, inARow);
        var told = "%s cannot go on; next attempt in %s".formatted(steps.name(), pause);
        if (failure instanceof TryAgainException) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "%s: %s (%s)".formatted(told, failure.getMessage(), failure.getCause()));
        } else {
            LOG.log(System.Logger.Level.WARNING, told, failure);
        }
        return pause;
    }

    @Override
    public void wake() {
        log.nudge();
    }
}
