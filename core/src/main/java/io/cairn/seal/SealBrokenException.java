package io.cairn.seal;

import org.jspecify.annotations.Nullable;

/// Says that sealed bytes do not open. Either they were changed in the store, or the master key in use is not theirs:
/// an operator has to find out which.
public final class SealBrokenException extends RuntimeException {
    public SealBrokenException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
