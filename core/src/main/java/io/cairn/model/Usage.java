package io.cairn.model;

/// The tokens that a call took.
///
/// @param input that were read
/// @param output that were written
/// @param estimated whether they were counted by Cairn, since the provider did not tell
public record Usage(long input, long output, boolean estimated) {
    public static final Usage NONE = new Usage(0, 0, false);

    /// The provider did not tell.
    public static final Usage UNKNOWN = new Usage(0, 0, true);

    public Usage {
        if (input < 0 || output < 0) {
            throw new IllegalArgumentException("A usage is not negative; found %d and %d".formatted(input, output));
        }
    }

    public Usage plus(Usage other) {
        return new Usage(input + other.input, output + other.output, estimated || other.estimated);
    }
}
