package io.cairn.server.http;

import java.io.IOException;

/// A body went on past its limit while it was read.
final class BodyTooLargeException extends IOException {
    private final long bytesMax;

    BodyTooLargeException(long bytesMax) {
        super("The body has more than %d bytes".formatted(bytesMax));
        this.bytesMax = bytesMax;
    }

    Refusal refusal() {
        return refusal(bytesMax);
    }

    static Refusal refusal(long bytesMax) {
        return Trouble.TOO_LARGE.because("The body has more than the allowed %d bytes".formatted(bytesMax));
    }
}
