package io.cairn.model;

/// The tokens that a call took.
///
/// @param input that were read
/// @param output that were written
/// @param estimated whether they were counted by Cairn, since the provider did not tell
/// @param cached those of the input that the provider had at hand from an earlier call, which it may charge less for
public record Usage(long input, long output, boolean estimated, long cached) {
    public static final Usage NONE = new Usage(0, 0, false);

    /// The provider did not tell.
    public static final Usage UNKNOWN = new Usage(0, 0, true);

    public Usage {
        if (input < 0 || output < 0 || cached < 0) {
            throw new IllegalArgumentException(
                    "A usage is not negative; found %d, %d and %d".formatted(input, output, cached));
        }
        cached = Math.min(cached, input);
    }

    public Usage(long input, long output, boolean estimated) {
        this(input, output, estimated, 0);
    }

    public long tokens() {
        return input + output;
    }

    public Usage plus(Usage other) {
        return new Usage(
                input + other.input, output + other.output, estimated || other.estimated, cached + other.cached);
    }

    Usage asEstimate() {
        return new Usage(input, output, true, cached);
    }
}
