package io.cairn.saga;

import java.util.Locale;

/// Where a saga stands.
public enum SagaStatus {
    /// It was started and has not yet taken its first step.
    PENDING,
    RUNNING,
    COMPLETED,
    /// It was given up, and what it had done is undone.
    FAILED,
    /// It was given up, and what it had done is being undone.
    COMPENSATING;

    public boolean isEnd() {
        return this == COMPLETED || this == FAILED;
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @throws IllegalArgumentException if there is no such status
    public static SagaStatus of(String text) {
        for (var status : values()) {
            if (status.text().equals(text)) {
                return status;
            }
        }
        throw new IllegalArgumentException(
                "A saga is pending, running, completed, failed or compensating, not '%s'".formatted(text));
    }
}
