package io.cairn.bus;

import io.cairn.event.EventLog;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The thin shell around the dispatcher: steps whenever the log has grown, and now and then.
public final class DispatcherThread implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DispatcherThread.class.getName());
    private static final Duration LOOK_AROUND = Duration.ofSeconds(5);

    /// Between two pages of one endpoint, so that much to catch up does not come at once.
    private static final Duration BREATH = Duration.ofMillis(250);

    private static final Duration BACKOFF = Duration.ofSeconds(1);

    private final EventLog log;
    private final Dispatcher dispatcher;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("cairn-webhooks").unstarted(this::run);

    private DispatcherThread(EventLog log, Dispatcher dispatcher) {
        this.log = log;
        this.dispatcher = dispatcher;
    }

    public static DispatcherThread start(EventLog log, Dispatcher dispatcher) {
        var shell = new DispatcherThread(log, dispatcher);
        shell.thread.start();
        return shell;
    }

    private void run() {
        try {
            while (stopping.getCount() > 0) {
                var heads = log.heads().stream()
                        .mapToLong(head -> head.position().number())
                        .toArray();
                if (step()) {
                    stopping.await(BREATH.toMillis(), TimeUnit.MILLISECONDS);
                } else {
                    log.feed().awaitPast(partition -> heads[partition], LOOK_AROUND);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean step() throws InterruptedException {
        try {
            return dispatcher.step();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "Webhooks cannot go on; next attempt in " + BACKOFF, e);
            stopping.await(BACKOFF.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        }
    }

    @Override
    public void close() {
        stopping.countDown();
        log.feed().nudge();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
