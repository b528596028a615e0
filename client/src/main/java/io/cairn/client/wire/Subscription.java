package io.cairn.client.wire;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A durable subscription: what it wants, and up to where it has acknowledged.
///
/// @param lag how many of the tenant's events lie behind that position, counted up to 10,000
/// @param parked how many streams it has put aside
public record Subscription(
        String name,
        String pattern,
        String position,
        long lag,
        Instant createdAt,
        @Nullable Instant acknowledgedAt,
        @Nullable Long parked) {}
