package io.cairn.server.wiring;

/// A jar of projections cannot be used; the message says which and why.
final class JarException extends RuntimeException {
    private static final long serialVersionUID = 1;

    JarException(String message) {
        super(message);
    }

    JarException(String message, Throwable cause) {
        super(message, cause);
    }
}
