package io.cairn.aggregate;

import io.cairn.event.EventType;
import io.cairn.event.StreamId;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// How one kind of aggregate's events and states become JSON, and back.
public interface Codec<E, S> {
    /// An event as it is stored.
    record Encoded(EventType type, int schemaVersion, JsonNode payload) {}

    Encoded encode(E event);

    /// @param payload as upcasters have left it
    E decode(EventType type, JsonNode payload);

    JsonNode encodeState(S state);

    /// @throws RuntimeException if the JSON is no such state: the snapshot is then left aside
    S decodeState(JsonNode json);

    /// The subject whose data an event is: the aggregate itself, unless this method names another.
    default String subject(StreamId stream, E event) {
        return stream.toString();
    }

    /// The event that takes the place of one whose subject was forgotten: by default none, so that it leaves no
    /// trace in the state.
    default Optional<E> forgotten(EventType type) {
        return Optional.empty();
    }

    /// A codec for events that are records of a sealed interface, and a state that Jackson can write and read.
    ///
    /// An event's type is the name, a dot, and the record's name with `_` between its words: `account.paid_in`.
    static <E, S> RecordCodec<E, S> records(String name, Class<E> events, Class<S> state) {
        return RecordCodec.of(name, events, state);
    }
}
