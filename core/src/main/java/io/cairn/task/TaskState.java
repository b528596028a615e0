package io.cairn.task;

import java.util.Locale;

/// Where a task stands.
public enum TaskState {
    /// Behind others of its key.
    WAITING,
    /// May be started.
    READY,
    /// A worker has it.
    RUNNING,
    /// Is to be started at a later time.
    LATER,
    DONE,
    CANCELLED,
    /// A dead letter: it gave up, and waits for an operator.
    DEAD,
    /// An operator decided that it is not to be done.
    DISCARDED;

    /// As rows and doors call it.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static TaskState of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    /// Whether nothing more will happen to it by itself.
    public boolean isEnd() {
        return switch (this) {
            case DONE, CANCELLED, DEAD, DISCARDED -> true;
            case WAITING, READY, RUNNING, LATER -> false;
        };
    }
}
