package io.cairn.client;

import io.cairn.client.wire.Event;
import io.cairn.client.wire.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// The live end of a log: one event after the other, each as soon as it is there.
///
/// ```java
/// try (Tail tail = cairn.events().follow("lead.*")) {
///     for (var event = tail.next(); event.isPresent(); event = tail.next()) {
///         handle(event.get());
///     }
/// }
/// ```
///
/// A connection that breaks or falls silent is made again behind the last event, so that none is left out and none
/// comes twice. Once a tail has been connected it tries for as long as it takes; [Patience] only says how long it waits
/// between two tries. A tail is for one reader; another thread may close it.
public final class Tail implements AutoCloseable {
    /// A server that has nothing to say says so each 15 seconds.
    private static final Duration SILENCE = Duration.ofSeconds(45);

    private final Transport transport;
    private final @Nullable String pattern;
    private final @Nullable String after;
    private volatile @Nullable ServerSentEvents messages;
    private volatile boolean closed;
    private volatile @Nullable String position;
    private boolean connectedBefore;
    private int fruitless;

    Tail(Transport transport, @Nullable String pattern, @Nullable String after) {
        this.transport = transport;
        this.pattern = pattern;
        this.after = after;
        this.position = after;
    }

    /// The next event, once there is one; empty when the tail was closed.
    ///
    /// @throws CairnException if the first connection fails, or the server refuses to go on from the position
    public Optional<Event> next() {
        while (!closed) {
            try {
                var message = opened().next();
                position = message.id();
                fruitless = 0;
                if (message.data() != null) {
                    return Optional.of(event(message.data()));
                }
            } catch (IOException broken) {
                disconnect();
                reconnectLater(transport.broken(broken));
            } catch (CairnUnreachable | CairnProblem refused) {
                reconnectLater(refused);
            }
        }
        return Optional.empty();
    }

    /// Where a later tail may go on; null before anything has come from a server.
    public @Nullable String position() {
        return position;
    }

    private ServerSentEvents opened() {
        var open = messages;
        if (open == null) {
            Call call = Call.get(Address.of("events").with("pattern", pattern).with("after", after))
                    .with("Accept", "text/event-stream");
            var reached = position;
            open = new ServerSentEvents(
                    transport.open(reached == null ? call : call.with("Last-Event-ID", reached), SILENCE), reached);
            messages = open;
            connectedBefore = true;
            if (closed) {
                disconnect();
            }
        }
        return open;
    }

    private void reconnectLater(CairnException why) {
        if (closed) {
            return;
        }
        boolean mayPass = switch (why) {
            case CairnUnreachable unreachable -> !Thread.currentThread().isInterrupted();
            case CairnProblem problem -> problem.status() == 429 || problem.status() >= 502 && problem.status() <= 504;
            case CairnUnintelligible unintelligible -> false;
        };
        if (!connectedBefore || !mayPass) {
            throw why;
        }
        transport.pause(++fruitless, why);
    }

    private static Event event(String json) {
        try {
            return Wire.responses().readValue(json, Event.class);
        } catch (JacksonException unreadable) {
            throw new CairnUnintelligible("An event of a live tail could not be read.", unreadable);
        }
    }

    private void disconnect() {
        var open = messages;
        messages = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        disconnect();
    }
}
