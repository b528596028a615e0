package io.cairn.client.wire;

import org.jspecify.annotations.Nullable;

/// What one leg of the search (`lexical`, `dense`) gave a hit: its own score and rank, the weight of the leg,
/// and what that added.
public record LegScore(
        String leg,
        @Nullable String unit,
        @Nullable Double raw,
        @Nullable Integer rank,
        @Nullable Double weight,
        @Nullable Double contribution) {}
