package io.cairn.aggregate;

import io.cairn.event.EventType;
import io.cairn.event.ExactJson;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Writes events that are records by Jackson, each under a type that follows from its class.
///
/// Events are read leniently, since they may be older than the record. A state has to fit exactly: where its form
/// changed without a new version, the snapshot is left aside, so that no field is missing unnoticed.
public final class RecordCodec<E, S> implements Codec<E, S> {
    private static final JsonMapper EVENTS = ExactJson.mapper();
    private static final JsonMapper STATES = EVENTS.rebuild()
            .enable(
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private record Kind<E>(Class<? extends E> record, EventType type, int schemaVersion) {}

    private final Map<Class<?>, Kind<E>> byRecord;
    private final Map<EventType, Kind<E>> byType = new HashMap<>();
    private final Class<S> state;

    private RecordCodec(Map<Class<?>, Kind<E>> kinds, Class<S> state) {
        this.byRecord = Map.copyOf(kinds);
        this.state = state;
        byRecord.values().forEach(kind -> {
            var other = byType.put(kind.type(), kind);
            if (other != null) {
                throw new IllegalArgumentException("%s and %s would both be events of type '%s'"
                        .formatted(kind.record().getName(), other.record().getName(), kind.type()));
            }
        });
    }

    static <E, S> RecordCodec<E, S> of(String name, Class<E> events, Class<S> state) {
        var kinds = new HashMap<Class<?>, Kind<E>>();
        records(events).forEach(found -> {
            var record = found.<E>asSubclass(events);
            kinds.put(record, new Kind<>(record, new EventType(name + "." + words(record)), 1));
        });
        return new RecordCodec<>(kinds, state);
    }

    private static Stream<Class<?>> records(Class<?> type) {
        if (type.isSealed()) {
            return Stream.of(type.getPermittedSubclasses()).flatMap(RecordCodec::records);
        }
        if (!type.isRecord()) {
            throw new IllegalArgumentException(
                    "Events are records of a sealed interface; %s is neither".formatted(type.getName()));
        }
        return Stream.of(type);
    }

    private static String words(Class<?> record) {
        return record.getSimpleName().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    /// The same, but new events of one kind have this schema version; upcasters bring older ones up to it.
    public RecordCodec<E, S> schemaVersion(Class<? extends E> record, int version) {
        var changed = new HashMap<>(byRecord);
        changed.put(record, new Kind<>(record, known(record).type(), version));
        return new RecordCodec<>(changed, state);
    }

    @Override
    public Encoded encode(E event) {
        var kind = known(event.getClass());
        return new Encoded(kind.type(), kind.schemaVersion(), EVENTS.valueToTree(event));
    }

    private Kind<E> known(Class<?> record) {
        var kind = byRecord.get(record);
        if (kind == null) {
            throw new IllegalArgumentException(
                    "%s is not one of the events %s".formatted(record.getName(), byType.keySet()));
        }
        return kind;
    }

    @Override
    public E decode(EventType type, JsonNode payload) {
        var kind = byType.get(type);
        if (kind == null) {
            throw new IllegalArgumentException("'%s' is not one of the events %s".formatted(type, byType.keySet()));
        }
        return EVENTS.treeToValue(payload, kind.record());
    }

    @Override
    public JsonNode encodeState(S from) {
        return STATES.valueToTree(from);
    }

    @Override
    public S decodeState(JsonNode json) {
        return STATES.treeToValue(json, state);
    }
}
