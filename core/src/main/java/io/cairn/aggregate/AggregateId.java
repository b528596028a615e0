package io.cairn.aggregate;

import io.cairn.event.Names;

/// Which one of its kind an aggregate is.
///
/// @param value opaque, 1 to 400 characters
public record AggregateId(String value) {
    /// With its kind before it, it still is a subject's name.
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
