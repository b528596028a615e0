package io.cairn.aggregate;

import io.cairn.event.Names;

/// The id of an aggregate among those of its kind.
///
/// @param value opaque, 1 to 400 characters
public record AggregateId(String value) {
    /// The longest id that still is the name of a subject once its kind stands before it.
    private static final int LENGTH_MAX = 400;

    public AggregateId {
        Names.id("aggregate's id", value);
        if (value.length() > LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "An aggregate's id has 1 to %d characters; found %d".formatted(LENGTH_MAX, value.length()));
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
