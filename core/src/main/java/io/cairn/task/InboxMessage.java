package io.cairn.task;

import java.util.Locale;

/// What is asked of the holder of a slot.
enum InboxMessage {
    /// A task has come that has a key.
    ARRIVE,
    CANCEL,
    REPLAY,
    DISCARD,
    /// A schedule was made, changed or removed.
    SCHEDULE,
    /// A schedule is to fire now, besides its times.
    FIRE;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static InboxMessage of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
