package io.cairn.server.rest;

import io.cairn.bus.Deliveries;
import io.cairn.bus.Endpoint;
import io.cairn.bus.EndpointChanged;
import io.cairn.bus.Endpoints;
import io.cairn.bus.Wanted;
import io.cairn.bus.WebhookSecret;
import io.cairn.client.wire.NewSecret;
import io.cairn.client.wire.NewWebhook;
import io.cairn.client.wire.Page;
import io.cairn.client.wire.Webhook;
import io.cairn.client.wire.WebhookPing;
import io.cairn.event.EventLog;
import io.cairn.event.EventPattern;
import io.cairn.server.http.Call;
import io.cairn.server.http.Field;
import io.cairn.server.http.Trouble;
import io.cairn.task.Tasks;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Other servers that are told of a tenant's events.
@RestController
@RequestMapping("/v1/webhooks")
final class WebhooksDoor {
    private static final int URL_MAX = 2000;
    private static final int SECRET_MAX = 512;
    private static final int FILTER_MAX = 1 << 16;

    private final EventLog log;
    private final Endpoints endpoints;
    private final Deliveries deliveries;
    private final Tasks tasks;

    WebhooksDoor(EventLog log, Endpoints endpoints, Deliveries deliveries, Tasks tasks) {
        this.log = log;
        this.endpoints = endpoints;
        this.deliveries = deliveries;
        this.tasks = tasks;
    }

    @PostMapping
    ResponseEntity<Webhook> create(Call call, @RequestBody NewWebhook body) {
        var url = url(Field.of("url").text(body.url(), URL_MAX));
        var wanted = wanted(body.pattern(), body.filter(), Wanted.of("*"));
        return ResponseEntity.status(201)
                .body(answer(call, endpoints.create(call.context(), url, wanted, secret(body.secret()))));
    }

    @GetMapping
    Page<Webhook> list(Call call) {
        return new Page<>(
                endpoints.list(call.tenant()).stream()
                        .map(endpoint -> wire(call, endpoint, null))
                        .toList(),
                null);
    }

    @GetMapping("/{id}")
    Webhook find(Call call, @PathVariable String id) {
        return wire(call, found(call, id), null);
    }

    @PutMapping("/{id}")
    Webhook change(Call call, @PathVariable String id, @RequestBody NewWebhook body) {
        if (body.secret() != null) {
            throw Field.of("secret").invalid("a secret", "replaced through /v1/webhooks/{id}/secret");
        }
        var before = found(call, id).wanted();
        var url = body.url() == null ? null : url(Field.of("url").text(body.url(), URL_MAX));
        var wanted = wanted(body.pattern(), body.filter(), before);
        return answer(call, endpoints.change(call.context(), id, url, wanted));
    }

    @DeleteMapping("/{id}")
    Webhook delete(Call call, @PathVariable String id) {
        return answer(call, endpoints.delete(call.context(), id));
    }

    @PostMapping("/{id}/enable")
    Webhook enable(Call call, @PathVariable String id) {
        return answer(call, endpoints.enable(call.context(), id));
    }

    @PostMapping("/{id}/disable")
    Webhook disable(Call call, @PathVariable String id) {
        return answer(
                call,
                endpoints.disable(
                        call.context(), id, "switched off by " + call.context().actor()));
    }

    @PostMapping("/{id}/secret")
    Webhook rotate(Call call, @PathVariable String id, @RequestBody NewSecret body) {
        return answer(call, endpoints.rotate(call.context(), id, secret(body.secret())));
    }

    @PostMapping("/{id}/ping")
    WebhookPing ping(Call call, @PathVariable String id) {
        var submitted =
                tasks.submit(call.context(), deliveries.ping(id, found(call, id).url()));
        return new WebhookPing(submitted.id().toString());
    }

    private Endpoint found(Call call, String id) {
        return endpoints.find(call.tenant(), id).orElseThrow(() -> missing(id));
    }

    private static RuntimeException missing(String id) {
        return Trouble.NOT_FOUND.because("There is no webhook %s".formatted(Field.shown(id)));
    }

    private Webhook answer(Call call, EndpointChanged changed) {
        return switch (changed) {
            case EndpointChanged.Changed(var endpoint) -> wire(call, endpoint, null);
            case EndpointChanged.Secret(var endpoint, var secret) -> wire(call, endpoint, secret.reveal());
            case EndpointChanged.Missing missing -> throw Trouble.NOT_FOUND.because("There is no such webhook");
            case EndpointChanged.Refused(var field, var why) ->
                throw Field.of(field).invalid(why, "one that webhooks may be sent to");
            case EndpointChanged.Raced raced ->
                throw Trouble.CONFLICT.because("Somebody else has changed the webhook in the same moment");
        };
    }

    private Webhook wire(Call call, Endpoint endpoint, @Nullable String secret) {
        long head = log.head(log.partition(call.tenant())).number();
        return new Webhook(
                endpoint.id(),
                endpoint.url().toString(),
                endpoint.wanted().pattern().text(),
                endpoint.wanted().conditions(),
                endpoint.status().text(),
                endpoint.reason().isEmpty() ? null : endpoint.reason(),
                Math.max(0, head - endpoint.position()),
                endpoint.failingSince().orElse(null),
                endpoint.createdAt(),
                secret);
    }

    private static URI url(String text) {
        return Field.of("url").built(text, () -> URI.create(text));
    }

    private static Wanted wanted(@Nullable String pattern, @Nullable Map<String, JsonNode> filter, Wanted otherwise) {
        var chosen = pattern == null
                ? otherwise.pattern()
                : Field.of("pattern").built(pattern, () -> new EventPattern(pattern));
        var field = Field.of("filter");
        if (filter != null) {
            var json = JsonNodeFactory.instance.objectNode();
            filter.forEach(json::set);
            field.json(json, FILTER_MAX);
        }
        return field.built(filter, () -> new Wanted(chosen, filter == null ? otherwise.conditions() : filter));
    }

    /// The secret stays out of what is said when it is refused.
    private static @Nullable WebhookSecret secret(@Nullable String text) {
        if (text == null) {
            return null;
        }
        var field = Field.of("secret");
        field.text(text, SECRET_MAX);
        return field.built("a secret", () -> new WebhookSecret(text).requireStandard());
    }
}
