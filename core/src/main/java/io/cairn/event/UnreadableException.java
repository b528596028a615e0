package io.cairn.event;

/// Somebody needs an event that is damaged or missing, or whose payload cannot be brought to the newest schema version.
public final class UnreadableException extends RuntimeException {
    public UnreadableException(String reason) {
        super(reason);
    }
}
