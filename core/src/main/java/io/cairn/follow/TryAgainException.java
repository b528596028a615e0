package io.cairn.follow;

/// A follower cannot go on now, and the event is not at fault: for instance the disk is full, or a model does not
/// answer.
public final class TryAgainException extends RuntimeException {
    public TryAgainException(String message, Throwable cause) {
        super(message, cause);
    }
}
