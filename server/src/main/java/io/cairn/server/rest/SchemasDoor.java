package io.cairn.server.rest;

import io.cairn.client.wire.NewSchemaVersion;
import io.cairn.client.wire.Page;
import io.cairn.client.wire.ProblemItem;
import io.cairn.client.wire.RegisteredType;
import io.cairn.client.wire.SchemaRegistered;
import io.cairn.client.wire.SchemaVersion;
import io.cairn.event.EventType;
import io.cairn.event.Position;
import io.cairn.schema.Registered;
import io.cairn.schema.SchemaRegistry;
import io.cairn.server.http.Call;
import io.cairn.server.http.Field;
import io.cairn.server.http.Paging;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.Trouble;
import io.cairn.server.wire.SchemaBodies;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The schemas of users' own event types.
@RestController
@RequestMapping("/v1/schemas")
final class SchemasDoor {
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

    private final SchemaRegistry registry;

    SchemasDoor(SchemaRegistry registry) {
        this.registry = registry;
    }

    @PutMapping("/{type}/{version}")
    ResponseEntity<SchemaRegistered> register(
            Call call, @PathVariable String type, @PathVariable String version, @RequestBody NewSchemaVersion body) {
        var name = type(type);
        int number = version(version);
        return switch (registry.register(call.context(), name, number, SchemaBodies.content(body))) {
            case Registered.Created(var at) -> ResponseEntity.status(201).body(answer(name, number, "created", at));
            case Registered.Unchanged(var at) -> ResponseEntity.ok(answer(name, number, "unchanged", at));
            case Registered.OtherContent other ->
                throw Trouble.SCHEMA_REGISTERED.because(
                        "Version %d of %s was registered with other content and stays as it is"
                                .formatted(number, name));
            case Registered.OutOfOrder(int next) ->
                throw Field.of("version").invalid(version, next + ", the one that comes next");
            case Registered.Reserved reserved ->
                throw Trouble.RESERVED.because("Events of type '%s' are Cairn's own".formatted(name));
            case Registered.TooMany(int allowed) ->
                throw Trouble.INVALID.because(
                        "The tenant has registered %d versions, which is as many as cairn.schemas.max-registered allows"
                                .formatted(allowed));
            case Registered.Refused(var faults) -> throw refusal(faults);
        };
    }

    private static SchemaRegistered answer(EventType type, int version, String status, Position at) {
        return new SchemaRegistered(type.name(), version, status, at.wire());
    }

    private static Refusal refusal(List<Registered.Fault> faults) {
        return Trouble.INVALID.because(
                faults.getFirst().detail(),
                faults.stream()
                        .map(fault -> new ProblemItem(
                                null, fault.field(), "invalid", fault.detail(), fault.found(), fault.allowed()))
                        .toList());
    }

    @GetMapping
    Page<RegisteredType> list(
            Call call,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String limit) {
        var paging = Paging.of(limit);
        return paging.page(
                registry.list(call.tenant(), after, paging.oneMore()),
                SchemaBodies::summary,
                versions -> versions.getFirst().type().name());
    }

    @GetMapping("/{type}")
    Page<SchemaVersion> versions(
            Call call,
            @PathVariable String type,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String limit) {
        var paging = Paging.of(limit);
        long from = Paging.numberAfter(after);
        return paging.page(
                found(call, type).stream()
                        .filter(version -> version.version() > from)
                        .limit(paging.oneMore())
                        .toList(),
                SchemaBodies::wire,
                version -> Integer.toString(version.version()));
    }

    @GetMapping("/{type}/{version}")
    SchemaVersion find(Call call, @PathVariable String type, @PathVariable String version) {
        var versions = found(call, type);
        int number = version(version);
        if (number > versions.size()) {
            throw Trouble.NOT_FOUND.because(
                    "%s has versions 1 to %d; found %d".formatted(type, versions.size(), number));
        }
        return SchemaBodies.wire(versions.get(number - 1));
    }

    private List<io.cairn.schema.SchemaVersion> found(Call call, String type) {
        var versions = registry.versions(call.tenant(), type(type));
        if (versions.isEmpty()) {
            throw Trouble.NOT_FOUND.because("No schema of %s is registered".formatted(type));
        }
        return versions;
    }

    private static EventType type(String type) {
        return Field.of("type").built(type, () -> new EventType(type));
    }

    private static int version(String version) {
        if (!NUMBER.matcher(version).matches()) {
            throw Field.of("version").invalid("'" + version + "'", "a whole number, from 1");
        }
        return Integer.parseInt(version);
    }
}
