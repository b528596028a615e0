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

    /// @throws RuntimeException if this is no such state, whereupon the snapshot is left aside
    S decodeState(JsonNode json);

    /// Whose data an event is: the aggregate's own, unless somebody else's is told apart here.
    default String subject(StreamId stream, E event) {
        return stream.toString();
    }

    /// What is left of an event when its subject was forgotten: by default it leaves no trace in the state.
    default Optional<E> forgotten(EventType type) {
        return Optional.empty();
    }

    /// For events that are the records of a sealed interface, and a state that Jackson can write and read.
    ///
    /// An event's type is the name, a dot, and the record's name with `_` between its words: `account.paid_in`.
    static <E, S> RecordCodec<E, S> records(String name, Class<E> events, Class<S> state) {
        return RecordCodec.of(name, events, state);
    }
}
