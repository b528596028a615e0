package io.cairn.seal;

import org.jspecify.annotations.Nullable;

/// Sealed bytes are not what was sealed; an operator has to look at the store or at the master key in use.
public final class SealBrokenException extends RuntimeException {
    public SealBrokenException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
