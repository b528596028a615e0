package io.cairn.saga;

import io.cairn.event.StreamAppend;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What follows from an input: the saga's next state, and what is to be done. All of it commits together.
public record Next(JsonNode state, List<Effect> effects) {
    /// Something that is to be done.
    public sealed interface Effect {
        /// Starts an action.
        record Act(String action, JsonNode payload) implements Effect {}

        /// Sets a timer, in place of one of the same name.
        record Set(String timer, Duration time) implements Effect {}

        /// Takes a timer back.
        record Clear(String timer) implements Effect {}

        record Append(StreamAppend events) implements Effect {}

        /// Ends the saga well.
        record Complete() implements Effect {}

        /// Gives the saga up: what was done is undone, the last first.
        record GiveUp(String reason) implements Effect {}
    }

    public Next {
        effects = List.copyOf(effects);
    }

    public static Next to(JsonNode state) {
        return new Next(state, List.of());
    }

    public Next act(String action, JsonNode payload) {
        return and(new Effect.Act(action, payload));
    }

    /// Asks to be told when some time has passed, whatever happens to this process.
    public Next timer(String name, Duration time) {
        return and(new Effect.Set(name, time));
    }

    public Next withoutTimer(String name) {
        return and(new Effect.Clear(name));
    }

    public Next append(StreamAppend events) {
        return and(new Effect.Append(events));
    }

    public Next complete() {
        return and(new Effect.Complete());
    }

    public Next giveUp(String reason) {
        return and(new Effect.GiveUp(reason));
    }

    private Next and(Effect more) {
        return new Next(state, Stream.concat(effects.stream(), Stream.of(more)).toList());
    }
}
