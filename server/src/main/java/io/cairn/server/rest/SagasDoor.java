package io.cairn.server.rest;

import io.cairn.client.wire.Page;
import io.cairn.client.wire.Saga;
import io.cairn.event.Times;
import io.cairn.saga.SagaStatus;
import io.cairn.saga.Sagas;
import io.cairn.server.http.Call;
import io.cairn.server.http.Field;
import io.cairn.server.http.Paging;
import io.cairn.server.http.Trouble;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Sagas, as an operator sees them.
@RestController
@RequestMapping("/v1/sagas")
final class SagasDoor {
    private static final Pattern PLACE = Pattern.compile("([0-9]{1,18})\\.(.{36})");

    private final Sagas sagas;

    SagasDoor(Sagas sagas) {
        this.sagas = sagas;
    }

    /// In the order of their start. A correlation id narrows it to the one saga of each type.
    @GetMapping
    Page<Saga> list(
            Call call,
            @RequestParam(required = false) @Nullable String status,
            @RequestParam(required = false) @Nullable String type,
            @RequestParam(name = "correlation_id", required = false) @Nullable String correlation,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String limit) {
        var paging = Paging.of(limit);
        var filter = new Sagas.Filter(status(status), type);
        var place = place(after);
        if (correlation != null) {
            return new Page<>(
                    about(call, filter, correlation).map(SagasDoor::wire).toList(), null);
        }
        var found = sagas.list(call.tenant(), filter, place, paging.oneMore());
        return paging.page(found, SagasDoor::wire, SagasDoor::cursor);
    }

    private Stream<io.cairn.saga.Saga> about(Call call, Sagas.Filter filter, String correlation) {
        return sagas.types().all().stream()
                .filter(type -> filter.type() == null || type.name().equals(filter.type()))
                .flatMap(type -> sagas.find(call.tenant(), type.name(), correlation).stream())
                .filter(saga -> filter.status() == null || saga.status() == filter.status());
    }

    @GetMapping("/{id}")
    Saga get(Call call, @PathVariable String id) {
        var field = Field.of("id");
        var wanted = uuid(id).orElseThrow(() -> field.invalid("'" + Field.shown(id) + "'", "a UUID"));
        return sagas.find(call.tenant(), wanted)
                .map(SagasDoor::wire)
                .orElseThrow(() -> Trouble.NOT_FOUND.because("There is no saga " + wanted));
    }

    private static @Nullable SagaStatus status(@Nullable String given) {
        if (given == null) {
            return null;
        }
        var all = List.of(SagaStatus.values());
        return all.stream()
                .filter(status -> status.text().equals(given))
                .findFirst()
                .orElseThrow(() -> Field.of("status")
                        .invalid(
                                "'" + Field.shown(given) + "'",
                                Arrays.stream(SagaStatus.values())
                                        .map(SagaStatus::text)
                                        .collect(Collectors.joining(", "))));
    }

    private static Optional<UUID> uuid(String text) {
        try {
            return Optional.of(UUID.fromString(text)).filter(id -> id.toString().equals(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Sagas.@Nullable Place place(@Nullable String after) {
        if (after == null) {
            return null;
        }
        var parts = PLACE.matcher(after);
        return Optional.of(parts)
                .filter(found -> found.matches())
                .flatMap(found -> uuid(found.group(2)))
                .map(id -> new Sagas.Place(Times.instant(Long.parseLong(parts.group(1))), id))
                .orElseThrow(
                        () -> Field.of("after").invalid("'" + Field.shown(after) + "'", "what `next` of a page says"));
    }

    private static String cursor(io.cairn.saga.Saga saga) {
        return Times.micros(saga.startedAt()) + "." + saga.id();
    }

    private static Saga wire(io.cairn.saga.Saga saga) {
        return new Saga(
                saga.id().toString(),
                saga.type(),
                saga.correlation(),
                saga.status().text(),
                saga.step().isEmpty() ? null : saga.step(),
                saga.retries(),
                saga.error().orElse(null),
                saga.stateVersion(),
                saga.startedAt(),
                saga.updatedAt(),
                saga.completedAt().orElse(null));
    }
}
