package io.cairn.client;

import org.jspecify.annotations.Nullable;

/// Something answered, but not as a Cairn server does.
public final class CairnUnintelligible extends CairnException {
    private static final long serialVersionUID = 1;

    CairnUnintelligible(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
