package io.cairn.follow;

import io.cairn.batch.BatchSize;
import java.time.Duration;

/// How a follower goes through the log.
///
/// @param batch events applied together, by how many it is behind
/// @param batchBytesMax payload bytes applied together
/// @param publishEvery how often readers see progress while it is behind; at the head it is at once
/// @param commitEvery how often progress becomes durable
/// @param staleAfter how far behind, in time, it may be before it counts as stale
/// @param stuckAfter how long it may be behind without advancing before that is an alarm
public record FollowSettings(
        BatchSize batch,
        long batchBytesMax,
        Duration publishEvery,
        Duration commitEvery,
        Duration staleAfter,
        Duration stuckAfter) {
    public FollowSettings {
        if (batchBytesMax < 1) {
            throw new IllegalArgumentException("A batch has at least one byte");
        }
    }

    public static FollowSettings defaults() {
        return new FollowSettings(
                new BatchSize(500, 1000, 2000),
                8 << 20,
                Duration.ofMillis(200),
                Duration.ofSeconds(3),
                Duration.ofSeconds(300),
                Duration.ofSeconds(60));
    }

    public FollowSettings batchesOf(int events) {
        return batches(BatchSize.always(events));
    }

    public FollowSettings batches(BatchSize sizes) {
        return new FollowSettings(sizes, batchBytesMax, publishEvery, commitEvery, staleAfter, stuckAfter);
    }
}
