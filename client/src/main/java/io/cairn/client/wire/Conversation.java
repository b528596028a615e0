package io.cairn.client.wire;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A conversation without its messages.
public record Conversation(
        String id,
        long messageCount,
        @Nullable Instant createdAt,
        @Nullable Instant updatedAt,
        @Nullable String position) {}
