package io.cairn.client.wire;

import org.jspecify.annotations.Nullable;

/// What retrying parked keys answers: how many were put back, and how many failed again.
public record RetriedParked(long retried, @Nullable Long parked) {}
