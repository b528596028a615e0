package io.cairn.server.rest;

import io.cairn.bus.ParkedStreams;
import io.cairn.bus.Reader;
import io.cairn.bus.Readers;
import io.cairn.client.wire.Acknowledge;
import io.cairn.client.wire.NewSubscription;
import io.cairn.client.wire.Page;
import io.cairn.client.wire.ParkEvent;
import io.cairn.client.wire.ParkedKey;
import io.cairn.client.wire.RetriedParked;
import io.cairn.client.wire.RetryParked;
import io.cairn.client.wire.SkipParked;
import io.cairn.client.wire.SkippedParked;
import io.cairn.client.wire.Subscription;
import io.cairn.client.wire.SubscriptionPage;
import io.cairn.event.EventLog;
import io.cairn.event.EventPattern;
import io.cairn.follow.Parked;
import io.cairn.follow.Skipped;
import io.cairn.server.http.Call;
import io.cairn.server.http.Field;
import io.cairn.server.http.Paging;
import io.cairn.server.http.Trouble;
import io.cairn.server.wire.EventBodies;
import io.cairn.tenant.Tenant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Durable subscriptions of a tenant: events are fetched, dealt with and acknowledged, or their streams parked.
@RestController
@RequestMapping("/v1/subscriptions")
final class SubscriptionsDoor {
    private final EventLog log;
    private final Readers readers;

    SubscriptionsDoor(EventLog log, Readers readers) {
        this.log = log;
        this.readers = readers;
    }

    @PutMapping("/{name}")
    Subscription create(Call call, @PathVariable String name, @RequestBody NewSubscription body) {
        var text = body.pattern() == null ? "*" : body.pattern();
        var pattern = Field.of("pattern").built(text, () -> new EventPattern(text));
        long after = LogCursor.number(log, call.tenant(), "after", body.after());
        boolean same = Field.of("name").built(name, () -> readers.create(call.context(), name, pattern, after));
        if (!same) {
            throw Trouble.ID_REUSED.because("Subscription '%s' has another pattern".formatted(Field.shown(name)));
        }
        return wire(call, found(call, name));
    }

    @GetMapping
    Page<Subscription> list(Call call) {
        return new Page<>(
                readers.list(call.tenant()).stream()
                        .map(reader -> wire(call, reader))
                        .toList(),
                null);
    }

    @GetMapping("/{name}")
    Subscription find(Call call, @PathVariable String name) {
        return wire(call, found(call, name));
    }

    @GetMapping("/{name}/events")
    SubscriptionPage next(
            Call call, @PathVariable String name, @RequestParam(required = false) @Nullable String limit) {
        var page =
                readers.next(call.context(), found(call, name), Paging.of(limit).limit());
        var again = page.again();
        return new SubscriptionPage(
                page.events().stream().map(EventBodies::wire).toList(),
                again == null ? position(call.tenant(), page.upTo()) : again.wire(),
                page.more());
    }

    @PostMapping("/{name}/acknowledge")
    Subscription acknowledge(Call call, @PathVariable String name, @RequestBody Acknowledge body) {
        var position = Field.of("position").required(body.position());
        var again = Field.of("position").built(position, () -> ParkedStreams.ComingAgain.parse(position));
        return again.map(part -> readers.acknowledge(call.context(), name, part))
                .orElseGet(() -> readers.acknowledge(
                        call.context(), name, LogCursor.number(log, call.tenant(), "position", position)))
                .map(reader -> wire(call, reader))
                .orElseThrow(() -> missing(name));
    }

    /// Whoever reads cannot deal with an event: its stream waits, and the subscription goes on with the others.
    @PostMapping("/{name}/park")
    Subscription park(Call call, @PathVariable String name, @RequestBody ParkEvent body) {
        var event = Field.of("event").required(body.event());
        var id = Field.of("event").built(event, () -> UUID.fromString(event));
        var reason = Field.of("reason").word(body.reason(), 2000);
        if (!readers.parked().park(call.context(), found(call, name), id, reason)) {
            throw Trouble.NOT_FOUND.because(
                    "Subscription '%s' tells of no event '%s'".formatted(Field.shown(name), Field.shown(event)));
        }
        return wire(call, found(call, name));
    }

    @GetMapping("/{name}/parked")
    Page<ParkedKey> parked(
            Call call,
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String limit) {
        var paging = Paging.of(limit);
        var from = after == null ? null : Field.of("after").wellFormed(after);
        var reader = found(call, name);
        return paging.page(
                readers.parked().list(call.tenant(), reader.name(), from, paging.oneMore()),
                ProjectionsDoor::wire,
                Parked::key);
    }

    @PostMapping("/{name}/parked/retry")
    RetriedParked retry(
            Call call, @PathVariable String name, @RequestBody(required = false) @Nullable RetryParked body) {
        var reader = found(call, name);
        var key = body == null || body.key() == null ? null : Field.of("key").word(body.key(), 1000);
        int retried = readers.parked().retry(call.context(), reader.name(), key);
        call.count("retried", retried);
        return new RetriedParked(retried, found(call, name).parked());
    }

    @PostMapping("/{name}/parked/skip")
    SkippedParked skip(Call call, @PathVariable String name, @RequestBody SkipParked body) {
        var reader = found(call, name);
        var key = Field.of("key").word(body.key(), 1000);
        return switch (readers.parked().skip(call.context(), reader.name(), key)) {
            case Skipped.Done(long events) -> {
                call.count("skipped", events);
                yield new SkippedParked(events, found(call, name).parked());
            }
            case Skipped.NotParked() ->
                throw Trouble.NOT_FOUND.because("Subscription '%s' has not parked '%s'".formatted(name, key));
        };
    }

    @DeleteMapping("/{name}")
    Subscription delete(Call call, @PathVariable String name) {
        var found = found(call, name);
        readers.delete(call.context(), name);
        return wire(call, found);
    }

    private Reader found(Call call, String name) {
        return readers.find(call.tenant(), name).orElseThrow(() -> missing(name));
    }

    private static RuntimeException missing(String name) {
        return Trouble.NOT_FOUND.because("There is no subscription '%s'".formatted(Field.shown(name)));
    }

    private Subscription wire(Call call, Reader reader) {
        return new Subscription(
                reader.name(),
                reader.wanted().pattern().text(),
                position(call.tenant(), reader.position()),
                reader.lag(),
                reader.createdAt(),
                reader.acknowledgedAt().orElse(null),
                reader.parked());
    }

    private String position(Tenant tenant, long number) {
        return log.position(log.partition(tenant), number).wire();
    }
}
