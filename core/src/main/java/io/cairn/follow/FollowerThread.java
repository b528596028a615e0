package io.cairn.follow;

import io.cairn.event.EventLog;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The thin shell around a follower's steps: waits for events, and backs off while the follower cannot go on.
///
/// It is never interrupted, since an interrupt would close files under an index that is being written.
public final class FollowerThread implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(FollowerThread.class.getName());
    private static final Duration BACKOFF_FIRST = Duration.ofMillis(100);
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(10);

    /// What it does again and again.
    public interface Steps {
        String name();

        /// @return whether there was anything to do
        boolean step();

        /// Waits until there may be something to do.
        void awaitMore() throws InterruptedException;
    }

    private final Steps steps;
    private final EventLog log;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;

    private FollowerThread(String name, Steps steps, EventLog log) {
        this.steps = steps;
        this.log = log;
        this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::run);
    }

    public static FollowerThread start(String name, Steps steps, EventLog log) {
        var started = new FollowerThread(name, steps, log);
        started.thread.start();
        return started;
    }

    private void run() {
        var backoff = BACKOFF_FIRST;
        while (stopping.getCount() > 0) {
            try {
                if (!steps.step()) {
                    steps.awaitMore();
                }
                backoff = BACKOFF_FIRST;
            } catch (InterruptedException e) {
                stopping.countDown();
            } catch (TryAgainException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "%s cannot go on; next attempt in %s: %s (%s)"
                                .formatted(steps.name(), backoff, e.getMessage(), e.getCause()));
                backoff = pause(backoff);
            } catch (RuntimeException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "%s cannot go on; next attempt in %s".formatted(steps.name(), backoff),
                        e);
                backoff = pause(backoff);
            }
        }
    }

    private Duration pause(Duration backoff) {
        try {
            stopping.await(backoff.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            stopping.countDown();
        }
        var doubled = backoff.multipliedBy(2);
        return doubled.compareTo(BACKOFF_MAX) < 0 ? doubled : BACKOFF_MAX;
    }

    @Override
    public void close() {
        stopping.countDown();
        log.nudge();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
