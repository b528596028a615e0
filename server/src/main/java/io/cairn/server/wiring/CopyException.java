package io.cairn.server.wiring;

import org.jspecify.annotations.Nullable;

/// A copy cannot begin or go on; the message is one sentence for the operator, with what to do.
final class CopyException extends RuntimeException {
    CopyException(String message) {
        this(message, null);
    }

    CopyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
