package io.cairn.aggregate;

import io.cairn.event.Position;
import java.util.List;

/// What became of a command. Only `Written` has changed anything.
public sealed interface Decided<E, S> {
    /// Its events are durable.
    ///
    /// @param state after them
    /// @param version of the stream after them
    record Written<E, S>(List<E> events, S state, long version, Position at) implements Decided<E, S> {
        public Written {
            events = List.copyOf(events);
        }
    }

    /// There was nothing to do.
    record Unchanged<E, S>(S state, long version) implements Decided<E, S> {}

    /// The decider refused it.
    ///
    /// @param state that it was refused in
    record Refused<E, S>(String reason, S state, long version) implements Decided<E, S> {}

    /// A command with this id was written before.
    ///
    /// @param version of the stream after its events
    record Repeated<E, S>(long version, Position at) implements Decided<E, S> {}

    /// Other commands were faster at each attempt; the caller may try again.
    record GaveUp<E, S>(int attempts, long actualVersion) implements Decided<E, S> {}
}
