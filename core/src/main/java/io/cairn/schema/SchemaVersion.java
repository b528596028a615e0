package io.cairn.schema;

import io.cairn.event.Event;
import io.cairn.event.EventType;
import io.cairn.event.Position;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A version of an event type as a tenant registered it; it never changes.
///
/// @param position of its registration in the log
public record SchemaVersion(
        EventType type, int version, NewSchema content, Instant registeredAt, String registeredBy, Position position) {
    public static final EventType REGISTERED = new EventType("cairn.schema.registered");

    static final int SCHEMA_VERSION = 1;

    /// The version that an event registers; nothing if the event's content was forgotten.
    static Optional<SchemaVersion> of(Event event) {
        return event.payload()
                .needed()
                .map(json -> new SchemaVersion(
                        new EventType(json.required("type").asString()),
                        json.required("version").asInt(),
                        content(json),
                        event.recordedAt(),
                        event.actor(),
                        event.position()));
    }

    private static NewSchema content(JsonNode json) {
        return new NewSchema(
                json.required("schema"),
                upcaster(json.path("upcaster")),
                json.path("examples").valueStream().toList(),
                json.path("description").asStringOpt().orElse(null));
    }

    private static @Nullable RegisteredUpcaster upcaster(JsonNode json) {
        if (!json.isObject()) {
            return null;
        }
        return json.path("impossible").asBoolean(false)
                ? new RegisteredUpcaster.Impossible()
                : new RegisteredUpcaster.Patches(json.required("operations")
                        .valueStream()
                        .map(SchemaVersion::patch)
                        .toList());
    }

    private static Patch patch(JsonNode json) {
        return Patch.of(
                json.path("op").asStringOpt().orElse(null),
                json.path("path").asStringOpt().orElse(null),
                json.path("from").asStringOpt().orElse(null),
                json.get("value"));
    }

    static ObjectNode payload(EventType type, int version, NewSchema content) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("type", type.name()).put("version", version);
        json.set("schema", content.schema());
        switch (content.upcaster()) {
            case RegisteredUpcaster.Patches(var patches) -> {
                var list = json.putObject("upcaster").putArray("operations");
                patches.forEach(patch -> list.add(patch.json()));
            }
            case RegisteredUpcaster.Impossible impossible ->
                json.putObject("upcaster").put("impossible", true);
            case null -> {
                // the first version
            }
        }
        if (!content.examples().isEmpty()) {
            content.examples().forEach(json.putArray("examples")::add);
        }
        if (content.description() != null) {
            json.put("description", content.description());
        }
        return json;
    }
}
