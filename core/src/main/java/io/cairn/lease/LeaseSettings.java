package io.cairn.lease;

import java.time.Duration;

/// How soon another node takes over from one that is silent.
///
/// @param time how long a node has to be silent; it gives a sign of life three times as often
public record LeaseSettings(Duration time) {
    public LeaseSettings {
        if (time.compareTo(Duration.ofMillis(30)) < 0) {
            throw new IllegalArgumentException("A lease lasts at least 30 ms; found " + time);
        }
    }

    public static LeaseSettings defaults() {
        return new LeaseSettings(Duration.ofSeconds(5));
    }

    /// The time between two signs of life.
    public Duration beatEvery() {
        return time.dividedBy(3);
    }
}
