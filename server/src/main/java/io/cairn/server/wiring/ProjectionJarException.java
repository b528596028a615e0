package io.cairn.server.wiring;

/// A jar of projections cannot be used; the message says which and why.
final class ProjectionJarException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ProjectionJarException(String message) {
        super(message);
    }

    ProjectionJarException(String message, Throwable cause) {
        super(message, cause);
    }
}
