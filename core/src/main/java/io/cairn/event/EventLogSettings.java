package io.cairn.event;

import io.cairn.batch.BatchSize;
import java.time.Duration;

/// Limits of the event log.
///
/// @param unitEventsMax events that one unit of work may hold
/// @param waitingMax units that may wait for the writer before callers are held back
/// @param flushEventsMax events that one commit takes together
/// @param importBatch events of an import that wait together for the writer, by how many lines there
///     are
/// @param waitMax how long a caller is held back before it is told that the store is busy
public record EventLogSettings(
        int unitEventsMax, int waitingMax, int flushEventsMax, BatchSize importBatch, Duration waitMax) {
    public EventLogSettings {
        if (unitEventsMax < 1 || waitingMax < 1 || flushEventsMax < 1 || waitMax.isNegative()) {
            throw new IllegalArgumentException("The limits of the event log are positive");
        }
    }

    public static EventLogSettings defaults() {
        return new EventLogSettings(1000, 10_000, 2000, new BatchSize(200, 500, 1000), Duration.ofSeconds(30));
    }
}
