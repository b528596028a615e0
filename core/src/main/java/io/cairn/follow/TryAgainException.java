package io.cairn.follow;

/// A projection cannot go on now, through no fault of the event: a full disk, a model that does not answer.
public final class TryAgainException extends RuntimeException {
    public TryAgainException(String message, Throwable cause) {
        super(message, cause);
    }
}
