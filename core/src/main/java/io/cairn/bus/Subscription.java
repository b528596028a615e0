package io.cairn.bus;

import io.cairn.event.Event;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A handler that is told of events, until it is closed.
public final class Subscription implements AutoCloseable {
    static final Duration LOOK_AROUND = Duration.ofSeconds(10);
    private static final Duration STORE_ASKED_AGAIN = Duration.ofSeconds(1);
    private static final System.Logger LOG = System.getLogger(Subscription.class.getName());

    private final String handler;
    private final Interest interest;
    private final EventHandler work;
    private final EventBus bus;
    private final long[] reached;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;

    Subscription(String handler, Interest interest, EventHandler work, EventBus bus) {
        this.handler = handler;
        this.interest = interest;
        this.work = work;
        this.bus = bus;
        this.reached = bus.heads();
        this.thread = Thread.ofVirtual().name("bus-" + handler).unstarted(this::run);
    }

    public String handler() {
        return handler;
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (stopped.getCount() > 0) {
                try {
                    if (!step()) {
                        bus.await(partition -> reached[partition]);
                    }
                } catch (RuntimeException e) {
                    LOG.log(
                            Level.WARNING,
                            "Handler %s of the bus waits, since the log cannot be read".formatted(handler),
                            e);
                    if (stopped.await(STORE_ASKED_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            bus.ended(this);
        }
    }

    /// One page of each partition; whether there was any.
    private boolean step() throws InterruptedException {
        boolean found = false;
        for (int partition = 0; partition < reached.length; partition++) {
            for (var event : bus.after(partition, reached[partition])) {
                if (stopped.getCount() == 0) {
                    return true;
                }
                tell(event);
                reached[partition] = event.position().number();
                found = true;
            }
        }
        return found;
    }

    private void tell(Event event) throws InterruptedException {
        try {
            if (interest.in(event)) {
                work.handle(event);
                bus.watch().handled(handler, event);
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception | Error e) {
            LOG.log(
                    Level.ERROR,
                    "Handler %s of the bus failed at %s at %s of tenant %s (correlation id %s)"
                            .formatted(handler, event.type(), event.position(), event.tenant(), event.correlation()),
                    e);
            bus.watch().failed(handler, event, e);
        }
    }

    void stop() {
        stopped.countDown();
        bus.nudge();
    }

    /// Ends it after the event that it is at, and waits for that unless the handler itself asks.
    @Override
    public void close() {
        stop();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
