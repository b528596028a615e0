package io.cairn.client.wire;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A piece of a message or document that answers the question, with its source.
///
/// @param score orders the hits of one answer and means nothing beyond it
/// @param relevance 0 to 1, comparable between answers; null from a server that does not say
public record Hit(
        String id,
        HitKind kind,
        String text,
        double score,
        @Nullable Scores scores,
        @Nullable Instant at,
        Citation citation,
        @Nullable Double relevance) {}
