package io.cairn.server.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.EventPattern;
import io.cairn.server.http.Allowances;
import io.cairn.server.http.HttpLimits;
import io.cairn.server.http.Json;
import io.cairn.server.http.Trouble;
import io.cairn.server.wire.EventBodies;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/// Clients that follow the log as it grows, each on a virtual thread of its own; so many at the same time, of which a
/// tenant may hold half and a key a quarter.
///
/// They end before the web server waits for its requests to end.
@Component
final class LiveTails implements SmartLifecycle {
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);
    private static final int BATCH = 200;
    private static final Duration WATCH_EVERY = Duration.ofMillis(200);

    /// Looks that find nothing new between two signs of life.
    private static final int QUIET_MAX = 75;

    private final EventLog log;
    private final Allowances places;
    private final AtomicBoolean running = new AtomicBoolean();

    LiveTails(EventLog log, HttpLimits limits) {
        this.log = log;
        this.places = new Allowances(
                limits.tailsMax(), Math.ceilDiv(limits.tailsMax(), 2), Math.ceilDiv(limits.tailsMax(), 4));
    }

    /// Writes events as they come, until the client goes or the server stops.
    void follow(Context caller, EventPattern wanted, long after, HttpServletResponse response) throws IOException {
        try {
            if (!places.take(caller, 1, Duration.ZERO)) {
                throw Trouble.TOO_MANY_TAILS
                        .because("No more live tails are taken now from this key")
                        .retryAfter(RETRY_AFTER);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        try {
            response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
            response.setCharacterEncoding(UTF_8.name());
            response.setHeader("X-Accel-Buffering", "no");
            var out = response.getOutputStream();
            write(out, place(caller.tenant(), after) + ": following\n\n");
            tail(caller.tenant(), wanted, after, out);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            places.give(caller, 1);
        }
    }

    /// What was seen of a thing that is watched.
    ///
    /// @param last whether nothing will change any more
    record Seen(String event, Object what, boolean last) {}

    /// Writes how a thing stands whenever that has changed, until it has come to its end or is gone.
    void watch(Context caller, HttpServletResponse response, Supplier<Optional<Seen>> look) throws IOException {
        try {
            if (!places.take(caller, 1, Duration.ZERO)) {
                throw Trouble.TOO_MANY_TAILS
                        .because("No more live tails are taken now from this key")
                        .retryAfter(RETRY_AFTER);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        try {
            response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
            response.setCharacterEncoding(UTF_8.name());
            response.setHeader("X-Accel-Buffering", "no");
            // What is watched may take its time, so that each look is an operation.
            watch(
                    response.getOutputStream(),
                    () -> log.<Optional<Seen>, RuntimeException>operation(
                            () -> "a look at what is watched", 1, look::get));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            places.give(caller, 1);
        }
    }

    private void watch(OutputStream out, Supplier<Optional<Seen>> look) throws IOException, InterruptedException {
        var before = "";
        int unchanged = 0;
        for (var seen = look.get(); running.get() && seen.isPresent(); seen = look.get()) {
            var text = "event: %s\ndata: %s\n\n"
                    .formatted(
                            seen.get().event(),
                            Json.mapper().writeValueAsString(seen.get().what()));
            unchanged = text.equals(before) ? unchanged + 1 : 0;
            if (unchanged == 0) {
                write(out, text);
            } else if (unchanged % QUIET_MAX == 0) {
                write(out, ": still here\n\n");
            }
            if (seen.get().last()) {
                return;
            }
            before = text;
            Thread.sleep(WATCH_EVERY);
        }
    }

    private void tail(Tenant tenant, EventPattern wanted, long after, OutputStream out)
            throws IOException, InterruptedException {
        int partition = log.partition(tenant);
        long reached = after;
        while (running.get()) {
            long position = reached;
            List<Event> found = page(tenant, position, BATCH);
            for (var event : found) {
                if (wanted.matches(event.type())) {
                    write(out, text(event));
                }
            }
            reached = found.isEmpty() ? reached : found.getLast().position().number();
            if (found.isEmpty()) {
                // The head may have moved for another tenant: the tail waits from there, and misses nothing.
                long head = Math.max(reached, log.head(partition).number());
                if (head > position && appended(tenant, position)) {
                    continue;
                }
                reached = head;
                if (!log.awaitPast(partition, head, HEARTBEAT)) {
                    write(out, place(tenant, head) + ": still here\n\n");
                }
            }
        }
    }

    /// Where the tail is, so that a client that saw no event yet, or few, goes on from there.
    private String place(Tenant tenant, long number) {
        return "id: %s\n".formatted(log.position(log.partition(tenant), number).wire());
    }

    private boolean appended(Tenant tenant, long position) {
        return !page(tenant, position, 1).isEmpty();
    }

    /// A tail has no end, so that each page of it is an operation.
    private List<Event> page(Tenant tenant, long after, int limit) {
        return log.operation(
                () -> "a page of a live tail", 1, () -> log.read(tenant, view -> view.after(after, limit)));
    }

    private static String text(Event event) {
        return "id: %s\nevent: %s\ndata: %s\n\n"
                .formatted(
                        event.position().wire(),
                        event.type(),
                        Json.mapper().writeValueAsString(EventBodies.wire(event)));
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(UTF_8));
        out.flush();
    }

    @Override
    public void start() {
        running.set(true);
    }

    @Override
    public void stop() {
        running.set(false);
        log.nudge();
    }

    @Override
    public boolean isRunning() {
        return running.get();
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
