package io.cairn.aggregate;

import java.util.List;

/// What a decider makes of a command.
public sealed interface Decision<E> {
    /// These events happen. None means that there is nothing to do.
    record Happens<E>(List<E> events) implements Decision<E> {
        public Happens {
            events = List.copyOf(events);
        }
    }

    /// The rules do not allow the command.
    record Refused<E>(String reason) implements Decision<E> {}

    @SafeVarargs
    static <E> Decision<E> happens(E... events) {
        return new Happens<>(List.of(events));
    }

    static <E> Decision<E> refused(String reason) {
        return new Refused<>(reason);
    }
}
