package io.cairn.projection;

/// A projection cannot answer, since what it holds was found damaged. It begins anew from the log by itself.
public final class DamagedException extends RuntimeException {
    public DamagedException(String message, Throwable cause) {
        super(message, cause);
    }
}
