package io.cairn.server.wire;

import io.cairn.client.wire.AppendEvents;
import io.cairn.client.wire.ProblemItem;
import io.cairn.event.Event;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.NewEvent;
import io.cairn.event.Payload;
import io.cairn.event.PayloadFault;
import io.cairn.event.Reserved;
import io.cairn.event.StreamId;
import io.cairn.server.http.Field;
import io.cairn.server.http.HttpLimits;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.Trouble;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/// Streams and events on the wire and in the core, and the names that are Cairn's own.
public final class EventBodies {
    private static final Pattern VERSION = Pattern.compile("[0-9]{1,18}");
    private static final int FIRST_SCHEMA_VERSION = 1;

    private EventBodies() {}

    /// A stream that a user may write.
    public static StreamId ownStream(Reserved reserved, String type, String id) {
        var stream = stream(type, id);
        if (reserved.stream(type)) {
            throw Trouble.RESERVED.because("Streams of type '%s' are Cairn's own".formatted(type));
        }
        return stream;
    }

    public static StreamId stream(String type, String id) {
        Field.of("type").built(type, () -> new EventType(type));
        return Field.of("id").built(id, () -> new StreamId(type, id));
    }

    public static Expected expected(@Nullable String expected) {
        var field = Field.of("expected");
        var word = field.required(expected);
        return switch (word) {
            case "any" -> Expected.any();
            case "none" -> Expected.none();
            default -> {
                if (!VERSION.matcher(word).matches()) {
                    throw field.invalid("'" + word + "'", "'any', 'none' or the stream's version");
                }
                yield Expected.version(Long.parseLong(word));
            }
        };
    }

    /// @param ids for events that come without one, by their index
    public static List<NewEvent> events(
            Reserved reserved,
            StreamId stream,
            AppendEvents body,
            HttpLimits limits,
            IntFunction<UUID> ids,
            Supplier<Instant> now) {
        return Field.of("events")
                .each(
                        body.events(),
                        limits.batchItemsMax(),
                        (field, event) -> event(reserved, stream, field, event, limits, ids, now.get()));
    }

    private static NewEvent event(
            Reserved reserved,
            StreamId stream,
            Field field,
            io.cairn.client.wire.NewEvent event,
            HttpLimits limits,
            IntFunction<UUID> ids,
            Instant now) {
        int index = field.index() == null ? 0 : field.index();
        var name = field.at("type").required(event.type());
        var type = field.at("type").built(name, () -> new EventType(name));
        if (reserved.event(type)) {
            throw Trouble.RESERVED.because("Events of type '%s' are Cairn's own".formatted(name));
        }
        int version = event.version() == null ? FIRST_SCHEMA_VERSION : event.version();
        if (version < FIRST_SCHEMA_VERSION) {
            throw field.at("version").invalid(Integer.toString(version), "1 or more");
        }
        var given = event.id();
        var id = given == null ? ids.apply(index) : field.at("id").built(given, () -> uuid(given));
        var payload = field.at("payload").json(field.at("payload").required(event.payload()), limits.payloadBytesMax());
        return field.built(id, () -> new NewEvent(id, type, version, stream.toString(), payload, now, null));
    }

    /// What the schemas of the events' types say against them, event by event.
    public static Refusal refusal(List<PayloadFault> faults) {
        var items = faults.stream()
                .map(fault -> new ProblemItem(
                        fault.event(), field(fault), fault.code(), fault.detail(), fault.found(), fault.allowed()))
                .toList();
        return Trouble.SCHEMA_VIOLATED.because(faults.getFirst().detail(), items);
    }

    private static String field(PayloadFault fault) {
        var pointer = fault.pointer();
        return "events[%d].%s".formatted(fault.event(), pointer == null ? "type" : "payload" + pointer);
    }

    private static UUID uuid(String text) {
        var uuid = UUID.fromString(text);
        if (!uuid.toString().equalsIgnoreCase(text)) {
            throw new IllegalArgumentException("An event's id is a UUID; found '%s'".formatted(text));
        }
        return uuid;
    }

    public static io.cairn.client.wire.Event wire(Event event) {
        var causation = event.causation();
        return new io.cairn.client.wire.Event(
                event.id().toString(),
                event.stream().type(),
                event.stream().id(),
                event.version(),
                event.type().name(),
                event.schemaVersion(),
                switch (event.payload()) {
                    case Payload.Open(var json) -> json;
                    case Payload.Forgotten forgotten -> JsonNodeFactory.instance.nullNode();
                    case Payload.Unreadable unreadable -> JsonNodeFactory.instance.nullNode();
                },
                event.position().wire(),
                event.recordedAt(),
                event.occurredAt(),
                event.correlation(),
                causation == null ? null : causation.toString(),
                event.actor(),
                event.subject(),
                event.payload() instanceof Payload.Unreadable(var reason) ? reason : null);
    }
}
