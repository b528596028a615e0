package io.cairn.client.wire;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A change of the embedding model.
///
/// @param phase `estimating`, then `estimated` where no more was asked for; `embedding`, `building`, `comparing` or
///     `switching`, then `switched`, `refused` or `cancelled`; `rolling_back`, then `rolled_back`
/// @param underWay whether there is something left to do
/// @param paused whether it waits for an operator
/// @param accepted whether the new index takes over whatever the comparison says
/// @param from the space of the index that answered when it began
/// @param to the space of the index that is to answer
/// @param done texts that have a vector of the new model
/// @param total texts that need one
/// @param reason why it waits, or why it ended as it did
/// @param tokens that the new model has read for it
/// @param estimate what it was thought to take, worked out before it began
public record RefreshStatus(
        String phase,
        boolean underWay,
        boolean paused,
        boolean accepted,
        String from,
        String to,
        long done,
        long total,
        @Nullable String reason,
        @Nullable RefreshComparison comparison,
        String startedBy,
        Instant startedAt,
        Instant changedAt,
        long tokens,
        @Nullable RefreshEstimate estimate) {}
