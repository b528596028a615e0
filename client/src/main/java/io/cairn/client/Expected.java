package io.cairn.client;

/// What a stream must look like for an append to happen.
public sealed interface Expected {
    /// Anything.
    record Any() implements Expected {}

    /// Nothing has been appended yet.
    record NoStream() implements Expected {}

    /// It stands exactly here.
    record Version(long version) implements Expected {}

    static Expected any() {
        return new Any();
    }

    static Expected noStream() {
        return new NoStream();
    }

    static Expected version(long version) {
        return new Version(version);
    }

    /// How it is written in a request.
    default String wire() {
        return switch (this) {
            case Any() -> "any";
            case NoStream() -> "none";
            case Version(long version) -> Long.toString(version);
        };
    }
}
