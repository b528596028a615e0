package io.cairn.server.rest;

import io.cairn.client.wire.Event;
import io.cairn.client.wire.Page;
import io.cairn.event.EventLog;
import io.cairn.event.EventPattern;
import io.cairn.server.http.Call;
import io.cairn.server.http.Field;
import io.cairn.server.http.Paging;
import io.cairn.server.wire.EventBodies;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// All events of a tenant in their order: page by page, or as they come.
@RestController
@RequestMapping("/v1/events")
final class EventsDoor {
    private static final int SCAN = 1000;

    /// Where few events match, a page ends early rather than reading a whole log.
    private static final int SCANNED_MAX = 20_000;

    private final EventLog log;
    private final LiveTails tails;

    EventsDoor(EventLog log, LiveTails tails) {
        this.log = log;
        this.tails = tails;
    }

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    Page<Event> page(
            Call call,
            @RequestParam(required = false) @Nullable String pattern,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String limit) {
        var wanted = wanted(pattern);
        var paging = Paging.of(limit);
        long from = LogCursor.number(log, call.tenant(), "after", after);
        var items = new ArrayList<Event>();
        for (int scanned = 0; scanned < SCANNED_MAX; ) {
            long position = from;
            List<io.cairn.event.Event> found = log.read(call.tenant(), view -> view.after(position, SCAN));
            scanned += found.size();
            for (var event : found) {
                if (wanted.matches(event.type())) {
                    if (items.size() == paging.limit()) {
                        return new Page<>(items, items.getLast().position());
                    }
                    items.add(EventBodies.wire(event));
                }
            }
            if (found.size() < SCAN) {
                return new Page<>(items, null);
            }
            from = found.getLast().position().number();
        }
        return new Page<>(
                items, log.position(log.partition(call.tenant()), from).wire());
    }

    /// The stream goes on from the last event that the client has seen, or from `after`, or from now on.
    @GetMapping(produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    void tail(
            Call call,
            HttpServletResponse response,
            @RequestParam(required = false) @Nullable String pattern,
            @RequestParam(required = false) @Nullable String after,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId)
            throws IOException {
        var wanted = wanted(pattern);
        var tenant = call.tenant();
        long from = lastEventId != null
                ? LogCursor.number(log, tenant, "Last-Event-ID", lastEventId)
                : after != null
                        ? LogCursor.number(log, tenant, "after", after)
                        : log.head(log.partition(tenant)).number();
        tails.follow(call.context(), wanted, from, response);
    }

    private static EventPattern wanted(@Nullable String pattern) {
        return pattern == null ? EventPattern.ANY : Field.of("pattern").built(pattern, () -> new EventPattern(pattern));
    }
}
