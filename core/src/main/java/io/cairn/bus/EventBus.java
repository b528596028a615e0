package io.cairn.bus;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntToLongFunction;

/// Tells handlers in this process of events as they are appended, by whichever node.
///
/// ```java
/// bus.subscribe("board", Interest.matching("lead.*").where(event -> hot(event)), board::show);
/// bus.route("lead.received", Map.of("score", scores::begin, "greet", mails::greet));
/// ```
///
/// Each handler has a thread and a place in the log of its own: it gets the events of a stream in their order, and one
/// that fails or is slow keeps no other waiting. It begins with what is appended after it subscribed, and is not told
/// again of what it failed at or of what came while its process was down; a durable subscription is.
public final class EventBus implements AutoCloseable {
    private static final int BATCH = 200;
    private static final long BATCH_BYTES = 4L << 20;

    /// Handlers that keep up read the same few pages, which are opened once.
    private static final int PAGES = 16;

    private final EventLog log;
    private final BusWatch watch;
    private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
    private final Map<Page, List<Event>> pages = new LinkedHashMap<>();

    private record Page(int partition, long after) {}

    public EventBus(EventLog log, BusWatch watch) {
        this.log = log;
        this.watch = watch;
    }

    /// Lets a handler be told from now on.
    ///
    /// @param handler its name in metrics and in the log
    public Subscription subscribe(String handler, Interest interest, EventHandler work) {
        var subscription = new Subscription(handler, interest, work, this);
        subscriptions.add(subscription);
        subscription.start();
        return subscription;
    }

    /// Lets several named handlers be told of one type.
    public List<Subscription> route(String type, Map<String, EventHandler> handlers) {
        return handlers.entrySet().stream()
                .map(each -> subscribe(each.getKey(), Interest.exactly(type), each.getValue()))
                .toList();
    }

    public int subscriptions() {
        return subscriptions.size();
    }

    BusWatch watch() {
        return watch;
    }

    long[] heads() {
        return log.heads().stream().mapToLong(head -> head.position().number()).toArray();
    }

    /// Waits until there is something past what was reached, or somebody shall look around.
    void await(IntToLongFunction reached) throws InterruptedException {
        log.feed().awaitPast(reached, Subscription.LOOK_AROUND);
    }

    /// What follows a place, up to so many events.
    List<Event> after(int partition, long position) {
        var page = new Page(partition, position);
        synchronized (pages) {
            var known = pages.get(page);
            if (known != null) {
                return known;
            }
        }
        var found = log.operation(
                () -> "a page of the bus", 1, () -> log.feed().after(partition, position, BATCH, BATCH_BYTES));
        synchronized (pages) {
            if (found.isEmpty()) {
                // Nothing stays in memory for longer than it is of use: its subject may be forgotten.
                pages.keySet().removeIf(each -> each.partition() == partition);
            } else {
                pages.put(page, found);
                if (pages.size() > PAGES) {
                    pages.remove(pages.keySet().iterator().next());
                }
            }
        }
        return found;
    }

    void ended(Subscription subscription) {
        subscriptions.remove(subscription);
    }

    void nudge() {
        log.nudge();
    }

    /// Ends all subscriptions, each after the event that it is at.
    @Override
    public void close() {
        var open = List.copyOf(subscriptions);
        open.forEach(Subscription::stop);
        open.forEach(Subscription::close);
    }
}
