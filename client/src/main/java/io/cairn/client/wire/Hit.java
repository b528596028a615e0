package io.cairn.client.wire;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A piece of a message or document that answers the question, with its source.
public record Hit(
        String id,
        HitKind kind,
        String text,
        double score,
        @Nullable Scores scores,
        @Nullable Instant at,
        Citation citation) {}
