package io.cairn.task;

import java.time.Duration;

/// How the tasks of a node are looked after.
///
/// @param keepEnded how long a task that has ended is kept to be looked at; zero removes it at once
/// @param pollEvery how late a node may notice what another one has enqueued
/// @param payloadBytesMax of one task
public record TaskSettings(Duration keepEnded, Duration pollEvery, int payloadBytesMax) {
    public TaskSettings {
        if (keepEnded.isNegative() || !pollEvery.isPositive() || payloadBytesMax < 1) {
            throw new IllegalArgumentException(
                    "Ended tasks are kept for no negative time (%s), looked for now and then (%s), and their payloads may have some bytes (%d)"
                            .formatted(keepEnded, pollEvery, payloadBytesMax));
        }
    }

    public static TaskSettings defaults() {
        return new TaskSettings(Duration.ofHours(24), Duration.ofMillis(100), 256 * 1024);
    }

    public TaskSettings keeping(Duration ended) {
        return new TaskSettings(ended, pollEvery, payloadBytesMax);
    }
}
