package io.cairn.task;

import java.util.Locale;

/// What a timer is for.
enum Timer {
    /// Its tasks become ready.
    READY,
    /// Its tasks have ended, and are removed.
    SWEEP,
    /// A schedule fires.
    FIRE;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Timer of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
