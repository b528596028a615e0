package io.cairn.server.wiring;

import io.cairn.knowledge.Documents;
import io.cairn.memory.Conversations;
import io.cairn.schema.DeclaredType;
import java.util.List;
import java.util.stream.Stream;

/// The types of events that a whole Cairn writes by itself, besides those of the engine.
final class EventTypes {
    private EventTypes() {}

    static List<DeclaredType> declared() {
        return Stream.of(Conversations.types(), Documents.types())
                .flatMap(List::stream)
                .toList();
    }
}
