package io.cairn.schema;

import io.cairn.event.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What became of a version that was to be registered.
public sealed interface Registered {
    /// It is known from now on, to every node.
    record Created(Position at) implements Registered {}

    /// The same was registered before.
    record Unchanged(Position at) implements Registered {}

    /// The version was registered with other content, which stays.
    record OtherContent() implements Registered {}

    /// It is not the version behind the newest.
    ///
    /// @param next the one that may be registered
    record OutOfOrder(int next) implements Registered {}

    /// The type is Cairn's own, or belongs to the code that runs it.
    record Reserved() implements Registered {}

    /// The tenant has registered as much as it may.
    record TooMany(int allowed) implements Registered {}

    /// It is not what it should be, or does not go together with the versions before it.
    record Refused(List<Fault> faults) implements Registered {
        public Refused {
            faults = List.copyOf(faults);
        }
    }

    /// What is wrong with a version.
    ///
    /// @param field such as `schema/properties/score` or `examples[0]/score`: a field, and a JSON pointer into it
    record Fault(
            String field,
            String detail,
            @Nullable String found,
            @Nullable String allowed) {}
}
