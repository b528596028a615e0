package io.cairn.client.wire;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A key that a projection or a subscription set aside because one of its events failed; everything else went on.
public record ParkedKey(
        String key,
        String position,
        @Nullable String eventId,
        @Nullable String eventType,
        String error,
        @Nullable Integer attempts,
        @Nullable Instant parkedAt) {}
