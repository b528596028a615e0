package io.cairn.client;

import org.jspecify.annotations.Nullable;

/// Why a call did not do what it was asked to.
public abstract sealed class CairnException extends RuntimeException
        permits CairnProblem, CairnUnreachable, CairnUnintelligible {
    private static final long serialVersionUID = 1;

    CairnException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
