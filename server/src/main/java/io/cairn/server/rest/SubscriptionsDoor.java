package io.cairn.server.rest;

import io.cairn.bus.Reader;
import io.cairn.bus.Readers;
import io.cairn.client.wire.Acknowledge;
import io.cairn.client.wire.NewSubscription;
import io.cairn.client.wire.Page;
import io.cairn.client.wire.Subscription;
import io.cairn.client.wire.SubscriptionPage;
import io.cairn.event.EventLog;
import io.cairn.event.EventPattern;
import io.cairn.server.http.Call;
import io.cairn.server.http.Field;
import io.cairn.server.http.Paging;
import io.cairn.server.http.Trouble;
import io.cairn.server.wire.EventBodies;
import io.cairn.tenant.Tenant;
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

/// Durable subscriptions of a tenant: events are fetched, dealt with and acknowledged.
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
                readers.next(call.tenant(), found(call, name), Paging.of(limit).limit());
        return new SubscriptionPage(
                page.events().stream().map(EventBodies::wire).toList(),
                position(call.tenant(), page.upTo()),
                page.more());
    }

    @PostMapping("/{name}/acknowledge")
    Subscription acknowledge(Call call, @PathVariable String name, @RequestBody Acknowledge body) {
        var position = Field.of("position").required(body.position());
        long upTo = LogCursor.number(log, call.tenant(), "position", position);
        return readers.acknowledge(call.context(), name, upTo)
                .map(reader -> wire(call, reader))
                .orElseThrow(() -> missing(name));
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
                reader.acknowledgedAt().orElse(null));
    }

    private String position(Tenant tenant, long number) {
        return log.position(log.partition(tenant), number).wire();
    }
}
