package io.cairn.projection;

import java.time.Duration;

/// How a projection follows the log.
///
/// @param batchEventsMax events applied together
/// @param batchBytesMax payload bytes applied together
/// @param publishEvery how often readers see progress while it is behind; at the head it is at once
/// @param commitEvery how often progress becomes durable
/// @param staleAfter how far behind, in time, it may be before it counts as stale
/// @param stuckAfter how long it may be behind without advancing before that is an alarm
public record ProjectionSettings(
        int batchEventsMax,
        long batchBytesMax,
        Duration publishEvery,
        Duration commitEvery,
        Duration staleAfter,
        Duration stuckAfter) {
    public ProjectionSettings {
        if (batchEventsMax < 1 || batchBytesMax < 1) {
            throw new IllegalArgumentException("A batch has at least one event and one byte");
        }
    }

    public static ProjectionSettings defaults() {
        return new ProjectionSettings(
                1000,
                8 << 20,
                Duration.ofMillis(200),
                Duration.ofSeconds(3),
                Duration.ofSeconds(300),
                Duration.ofSeconds(60));
    }

    public ProjectionSettings batchesOf(int events) {
        return new ProjectionSettings(events, batchBytesMax, publishEvery, commitEvery, staleAfter, stuckAfter);
    }
}
