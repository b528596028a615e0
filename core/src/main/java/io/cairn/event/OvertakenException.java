package io.cairn.event;

/// Somebody else wrote to a partition whose head a transaction had [presumed][LogStorage#writeFrom]. Nothing of it was
/// kept: whoever began it asks for the head and does it again.
public final class OvertakenException extends RuntimeException {
    public OvertakenException(String message) {
        super(message);
    }

    public OvertakenException(String message, Throwable cause) {
        super(message, cause);
    }
}
