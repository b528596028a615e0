package io.cairn.adapter.file;

import org.jspecify.annotations.Nullable;

/// The data folder cannot be used as it is; the message is one sentence for the operator, with what to do.
public final class FolderException extends RuntimeException {
    FolderException(String message) {
        this(message, null);
    }

    FolderException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
