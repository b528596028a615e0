package io.cairn.server.rest;

import io.cairn.client.wire.AppendEvents;
import io.cairn.client.wire.AppendedEvents;
import io.cairn.client.wire.Page;
import io.cairn.event.Appended;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.event.NewEvent;
import io.cairn.event.Payload;
import io.cairn.event.Position;
import io.cairn.event.Recorded;
import io.cairn.event.Reserved;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.TenantView;
import io.cairn.event.Unit;
import io.cairn.event.UpcastException;
import io.cairn.server.http.Call;
import io.cairn.server.http.Field;
import io.cairn.server.http.HttpLimits;
import io.cairn.server.http.Paging;
import io.cairn.server.http.Trouble;
import io.cairn.server.wire.EventBodies;
import io.cairn.tenant.Tenant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Users' own streams of events.
@RestController
@RequestMapping("/v1/streams/{type}/{id}/events")
final class StreamsDoor {
    private final EventLog log;
    private final Ids ids;
    private final Reserved reserved;
    private final HttpLimits limits;

    StreamsDoor(EventLog log, Ids ids, Reserved reserved, HttpLimits limits) {
        this.log = log;
        this.reserved = reserved;
        this.ids = ids;
        this.limits = limits;
    }

    @PostMapping
    ResponseEntity<AppendedEvents> append(
            Call call,
            @PathVariable String type,
            @PathVariable String id,
            @RequestBody AppendEvents body,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String idempotency) {
        var stream = EventBodies.ownStream(reserved, type, id);
        var expected = EventBodies.expected(body.expected());
        var key = IdempotencyKey.of(idempotency);
        var events = EventBodies.events(
                reserved,
                stream,
                body,
                limits,
                index -> key.map(known -> known.id(index)).orElseGet(ids::next),
                ids::now);
        requireDistinct(events);
        call.count("events", events.size());
        var unit = Unit.of(call.context(), new StreamAppend(stream, expected, events));
        return switch (log.append(unit)) {
            case Appended.Written(var at, var versions) ->
                ResponseEntity.status(201).body(new AppendedEvents(at.wire(), versions.getOrDefault(stream, 0L)));
            case Appended.Conflict(var other, var actual) ->
                throw Trouble.CONFLICT
                        .because("Stream %s is at version %d, not as expected ('%s')"
                                .formatted(other, actual, body.expected()))
                        .actualVersion(actual);
            case Appended.Duplicate(var recorded, var at) -> again(call.tenant(), stream, events, recorded, at);
            case Appended.Refused(var faults) -> throw EventBodies.refusal(faults);
            case Appended.Unmet unmet -> throw new IllegalStateException("Nothing was expected of rows: " + unmet);
        };
    }

    private static void requireDistinct(List<NewEvent> events) {
        var seen = new HashSet<UUID>();
        for (int i = 0; i < events.size(); i++) {
            if (!seen.add(events.get(i).id())) {
                throw Field.of("events[%d].id".formatted(i))
                        .invalid("the id %s again".formatted(events.get(i).id()), "an id that stands once");
            }
        }
    }

    /// A request that was carried out before gets its first answer; anything else has reused an id.
    private ResponseEntity<AppendedEvents> again(
            Tenant tenant, StreamId stream, List<NewEvent> events, Map<UUID, Recorded> recorded, Position at) {
        for (var event : events) {
            var known = recorded.get(event.id());
            if (known == null || !known.stream().equals(stream) || !same(tenant, event, known)) {
                throw Trouble.ID_REUSED.because(
                        known == null
                                ? "Other events of this request were stored before, without event " + event.id()
                                : "Event %s has other content or stands in another stream".formatted(event.id()));
            }
        }
        long version =
                recorded.values().stream().mapToLong(Recorded::version).max().orElse(0);
        return ResponseEntity.ok(new AppendedEvents(at.wire(), version));
    }

    private boolean same(Tenant tenant, NewEvent given, Recorded known) {
        return log.read(
                tenant,
                view -> view.stream(known.stream(), known.version() - 1, 1).stream()
                        .anyMatch(stored -> stored.type().equals(given.type()) && sameAsRead(view, stored, given)));
    }

    /// What was stored may be read as a newer version by now, and so is what is given.
    private static boolean sameAsRead(TenantView view, Event stored, NewEvent given) {
        try {
            var read = view.asRead(given.type(), given.schemaVersion(), given.payload());
            return stored.schemaVersion() == read.schemaVersion()
                    && stored.payload().equals(new Payload.Open(read.payload()));
        } catch (UpcastException unreadable) {
            return stored.schemaVersion() == given.schemaVersion()
                    && stored.payload().equals(new Payload.Unreadable(String.valueOf(unreadable.getMessage())));
        }
    }

    @GetMapping
    Page<io.cairn.client.wire.Event> read(
            Call call,
            @PathVariable String type,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String limit) {
        var stream = EventBodies.stream(type, id);
        var paging = Paging.of(limit);
        long from = Paging.numberAfter(after);
        List<Event> found = log.read(call.tenant(), view -> view.stream(stream, from, paging.oneMore()));
        return paging.page(found, EventBodies::wire, event -> Long.toString(event.version()));
    }
}
