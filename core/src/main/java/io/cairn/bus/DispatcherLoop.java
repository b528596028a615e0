package io.cairn.bus;

import io.cairn.event.EventLog;
import io.cairn.guard.Loop;
import java.lang.System.Logger.Level;
import java.time.Duration;

/// Lets the dispatcher go on whenever the log has grown, and now and then.
public final class DispatcherLoop implements Loop.Turn {
    private static final System.Logger LOG = System.getLogger(DispatcherLoop.class.getName());
    private static final Duration LOOK_AROUND = Duration.ofSeconds(5);

    /// So that a log which grows all the time is looked at for many events at once.
    private static final Duration AFTER_NEWS = Duration.ofMillis(50);

    /// Between two pages of one endpoint, so that much to catch up does not come at once.
    private static final Duration BREATH = Duration.ofMillis(250);

    private static final Duration BACKOFF_FIRST = Duration.ofMillis(500);
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(30);

    private final EventLog log;
    private final Dispatcher dispatcher;

    private DispatcherLoop(EventLog log, Dispatcher dispatcher) {
        this.log = log;
        this.dispatcher = dispatcher;
    }

    public static Loop start(EventLog log, Dispatcher dispatcher) {
        return Loop.start("cairn-webhooks", new DispatcherLoop(log, dispatcher));
    }

    @Override
    public Duration take() throws InterruptedException {
        var heads =
                log.heads().stream().mapToLong(head -> head.position().number()).toArray();
        if (dispatcher.step()) {
            return BREATH;
        }
        log.feed().awaitPast(partition -> heads[partition], LOOK_AROUND);
        return AFTER_NEWS;
    }

    @Override
    public Duration failed(RuntimeException failure, int inARow) {
        var rest = Loop.backoff(BACKOFF_FIRST, BACKOFF_MAX, inARow);
        LOG.log(Level.WARNING, "Webhooks cannot go on; next attempt in " + rest, failure);
        return rest;
    }

    @Override
    public void wake() {
        log.feed().nudge();
    }
}
