package io.cairn.client.wire;

import org.jspecify.annotations.Nullable;

/// What one leg of the search (`lexical`, `dense`) gave a hit: its own score and rank, and what
/// that added.
public record LegScore(
        String leg,
        @Nullable Double raw,
        @Nullable Integer rank,
        @Nullable Double contribution) {}
