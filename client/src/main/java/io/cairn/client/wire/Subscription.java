package io.cairn.client.wire;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A durable subscription: what it wants, and up to where it has acknowledged.
///
/// @param lag how many events lie between that position and the end of the log
public record Subscription(
        String name,
        String pattern,
        String position,
        long lag,
        Instant createdAt,
        @Nullable Instant acknowledgedAt) {}
