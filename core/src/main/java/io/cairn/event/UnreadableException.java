package io.cairn.event;

/// Somebody needs a payload that is damaged, or cannot be brought to the newest schema version.
public final class UnreadableException extends RuntimeException {
    UnreadableException(String reason) {
        super(reason);
    }
}
