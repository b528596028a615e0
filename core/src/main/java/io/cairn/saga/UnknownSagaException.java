package io.cairn.saga;

/// A saga is under way that this code cannot take on; the message names it.
public final class UnknownSagaException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnknownSagaException(String message) {
        super(message);
    }
}
