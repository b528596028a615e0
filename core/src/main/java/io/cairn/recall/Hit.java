package io.cairn.recall;

import io.cairn.passage.Citation;
import io.cairn.passage.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A stretch of text that answers a query, with the place where it stands and why it was found.
///
/// @param id of the passage, the same in every answer
/// @param score orders the hits of one answer and means nothing beyond it
/// @param relevance 0 to 1, comparable between answers; thresholds apply to it
/// @param at when it was said, or the time that its document gives
public record Hit(
        String id,
        Kind kind,
        String text,
        double score,
        double relevance,
        List<LegScore> legs,
        Map<String, Double> boosts,
        @Nullable Instant at,
        Citation citation) {
    public Hit {
        legs = List.copyOf(legs);
        boosts = Map.copyOf(boosts);
    }

    /// What one leg contributed.
    ///
    /// @param raw as the leg scores: BM25 or cosine
    /// @param weighted what went into the score
    /// @param rank in that leg, from 1
    public record LegScore(String leg, double raw, double weighted, int rank) {}
}
