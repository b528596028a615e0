package io.cairn.client.wire;

import org.jspecify.annotations.Nullable;

/// Up to which position everything is dealt with.
public record Acknowledge(@Nullable String position) {}
