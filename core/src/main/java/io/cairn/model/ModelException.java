package io.cairn.model;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Says why a provider of models did not do what it was asked for.
public final class ModelException extends RuntimeException {
    /// Whose fault it is, and what follows from it.
    public enum Kind {
        /// The provider does not take the request: the caller has to change it.
        REFUSED,
        /// The input is longer than the provider takes.
        TOO_LONG,
        /// The provider does not take Cairn's key, or does not let it use the model: an operator has to look.
        KEY_REFUSED,
        /// The account at the provider is used up: an operator has to look.
        USED_UP,
        /// Too many requests or tokens for now.
        LIMITED,
        /// It cannot be reached, or fails.
        AWAY,
        /// It did not answer in time.
        SILENT,
        /// It answered what cannot be used.
        GARBLED,
        /// It was not asked, since it failed several times in a row, or all places were taken.
        TURNED_AWAY
    }

    private final String provider;
    private final Kind kind;
    private final int status;
    private final @Nullable String code;
    private final @Nullable Duration retryAfter;

    private ModelException(
            String provider,
            Kind kind,
            int status,
            @Nullable String code,
            String message,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(message, cause);
        this.provider = provider;
        this.kind = kind;
        this.status = status;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    /// @param message tells what happened, and holds neither keys nor texts of the caller
    public static ModelException of(String provider, Kind kind, String message) {
        return new ModelException(provider, kind, 0, null, message, null, null);
    }

    public static ModelException of(String provider, Kind kind, String message, Throwable cause) {
        return new ModelException(provider, kind, 0, null, message, null, cause);
    }

    /// What the provider answered.
    ///
    /// @param code of the provider's own
    /// @param retryAfter how long it asks to wait
    public static ModelException answered(
            String provider,
            Kind kind,
            int status,
            @Nullable String code,
            String message,
            @Nullable Duration retryAfter) {
        return new ModelException(provider, kind, status, code, message, retryAfter, null);
    }

    /// It is not asked before so much time has passed.
    public static ModelException turnedAway(String provider, String message, Duration retryAfter) {
        return new ModelException(provider, Kind.TURNED_AWAY, 0, null, message, retryAfter, null);
    }

    public String provider() {
        return provider;
    }

    public Kind kind() {
        return kind;
    }

    /// The HTTP status that the provider answered with; 0 if it did not answer.
    public int status() {
        return status;
    }

    /// The provider's own word for what is wrong.
    public Optional<String> code() {
        return Optional.ofNullable(code);
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /// Whether another provider may do better.
    public boolean isProviders() {
        return switch (kind) {
            case REFUSED, TOO_LONG -> false;
            case KEY_REFUSED, USED_UP, LIMITED, AWAY, SILENT, GARBLED, TURNED_AWAY -> true;
        };
    }
}
