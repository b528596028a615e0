package io.cairn.saga;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// What a saga has started, in that order. An action stands here, with what is needed to undo it, before it begins.
record Actions(List<Entry> entries) {
    enum State {
        /// It was started, and nobody knows how far it is.
        OPEN,
        DONE,
        /// It certainly did not happen.
        FAILED,
        /// It was given up, and may have happened.
        UNKNOWN,
        UNDONE
    }

    /// @param number in the saga, from 1
    record Entry(int number, String action, JsonNode payload, State state, JsonNode result) {
        Entry in(State next) {
            return new Entry(number, action, payload, next, result);
        }

        Entry done(JsonNode with) {
            return new Entry(number, action, payload, State.DONE, with);
        }

        boolean mayHaveHappened() {
            return state == State.OPEN || state == State.UNKNOWN || state == State.DONE;
        }
    }

    Actions {
        entries = List.copyOf(entries);
    }

    static Actions of(JsonNode json) {
        var entries = new ArrayList<Entry>();
        json.forEach(entry -> entries.add(new Entry(
                entry.path("n").asInt(),
                entry.path("action").asString(),
                entry.path("payload"),
                State.valueOf(entry.path("state").asString()),
                entry.path("result"))));
        return new Actions(entries);
    }

    ArrayNode json() {
        var array = JsonNodeFactory.instance.arrayNode();
        entries.forEach(entry -> array.addObject()
                .put("n", entry.number())
                .put("action", entry.action())
                .put("state", entry.state().name())
                .set("payload", entry.payload())
                .set("result", entry.result()));
        return array;
    }

    Entry started(String action, JsonNode payload) {
        return new Entry(entries.size() + 1, action, payload, State.OPEN, JsonNodeFactory.instance.nullNode());
    }

    Actions and(Entry entry) {
        var more = new ArrayList<>(entries);
        more.add(entry);
        return new Actions(more);
    }

    Optional<Entry> find(int number) {
        return number < 1 || number > entries.size() ? Optional.empty() : Optional.of(entries.get(number - 1));
    }

    Actions with(int number, UnaryOperator<Entry> change) {
        return new Actions(entries.stream()
                .map(entry -> entry.number() == number ? change.apply(entry) : entry)
                .toList());
    }

    boolean anyOpen() {
        return entries.stream().anyMatch(entry -> entry.state() == State.OPEN);
    }

    /// The last action that may have to be undone.
    Optional<Entry> lastToUndo() {
        return entries.reversed().stream().filter(Entry::mayHaveHappened).findFirst();
    }
}
