package io.cairn.event;

/// An upcaster met a payload that it cannot transform.
public final class UpcastException extends RuntimeException {
    public UpcastException(EventType type, int from, String reason, Throwable cause) {
        super("%s of version %d cannot be read as version %d: %s".formatted(type, from, from + 1, reason), cause);
    }

    public UpcastException(EventType type, int version, String reason) {
        super("%s of version %d cannot be read: %s".formatted(type, version, reason));
    }
}
