package io.cairn.client.wire;

import org.jspecify.annotations.Nullable;

/// What skipping a parked key answers: how many events were given up for good, and how many keys are parked still.
public record SkippedParked(long skipped, @Nullable Long parked) {}
