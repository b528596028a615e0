package io.cairn.saga;

import io.cairn.event.Event;
import tools.jackson.databind.JsonNode;

/// What a saga reacts to.
public sealed interface Input {
    /// An event that is about the saga: the one that started it, or a later one.
    record Happened(Event event) implements Input {}

    /// An action was done.
    ///
    /// @param result as its handler gave it
    record Done(String action, JsonNode result) implements Input {}

    /// An action was given up: it was not done, or nobody knows whether it was.
    record Failed(String action, String reason) implements Input {}

    /// A timer that the saga had set is over.
    record TimedOut(String timer) implements Input {}
}
