package io.cairn.client.wire;

import org.jspecify.annotations.Nullable;

/// An event that whoever reads a subscription cannot deal with, and why.
public record ParkEvent(@Nullable String event, @Nullable String reason) {}
