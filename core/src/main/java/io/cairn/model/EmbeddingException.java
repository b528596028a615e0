package io.cairn.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Says that a model could not embed; nothing was stored for the texts it was asked about.
public final class EmbeddingException extends RuntimeException {
    private final String model;
    private final boolean timedOut;

    private EmbeddingException(String model, boolean timedOut, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.model = model;
        this.timedOut = timedOut;
    }

    public static EmbeddingException failed(String model, String what, Throwable cause) {
        var reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new EmbeddingException(
                model, false, "Model '%s' failed on %s: %s".formatted(model, what, reason), cause);
    }

    public static EmbeddingException timedOut(String model, String what, Duration limit) {
        var message = "Model '%s' did not finish %s within %s; try again or raise the limit"
                .formatted(model, what, limit.toMillis() + " ms");
        return new EmbeddingException(model, true, message, null);
    }

    public String model() {
        return model;
    }

    /// Whether the provider answered that it does not take what it was given, and would say so again.
    boolean isRefused() {
        return getCause() instanceof ModelException model
                && model.kind() == ModelException.Kind.REFUSED
                && model.again().isEmpty();
    }

    public boolean timedOut() {
        return timedOut;
    }
}
