package io.cairn.server.wiring;

import java.time.Duration;

/// Sentences about settings that cannot be.
final class Checks {
    private Checks() {}

    static void within(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("%s is %d to %d; found %d".formatted(key, least, most, value));
        }
    }

    static void within(String key, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException("%s is %s to %s; found %s".formatted(key, least, most, value));
        }
    }

    static void within(String key, Duration value, Duration most) {
        if (value.isNegative() || value.compareTo(most) > 0) {
            throw new IllegalArgumentException("%s is 0s to %ds; found %s".formatted(key, most.toSeconds(), value));
        }
    }
}
