package io.cairn.client.wire;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A saga as it stands.
///
/// @param correlationId what it is about
/// @param status `pending`, `running`, `completed`, `failed` or `compensating`
/// @param step the action that was started last, or that is being undone
public record Saga(
        String id,
        String type,
        String correlationId,
        String status,
        @Nullable String step,
        long retries,
        @Nullable String error,
        int stateVersion,
        Instant startedAt,
        Instant updatedAt,
        @Nullable Instant completedAt) {}
