package io.cairn.schema;

import io.cairn.event.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What became of a version that was to be registered.
public sealed interface Registered {
    /// It is known from now on, to every node.
    record Created(Position at) implements Registered {}

    /// The same version was registered before, with the same content.
    record Unchanged(Position at) implements Registered {}

    /// The version was registered before with other content, which stays.
    record OtherContent() implements Registered {}

    /// The version is not the one after the newest.
    ///
    /// @param next the one that may be registered
    record OutOfOrder(int next) implements Registered {}

    /// The type is Cairn's own, or belongs to the code that runs it.
    record Reserved() implements Registered {}

    /// The tenant has registered as much as it may.
    record TooMany(int allowed) implements Registered {}

    /// The version is faulty, or does not fit the versions before it.
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
