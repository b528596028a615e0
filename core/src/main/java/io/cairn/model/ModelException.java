package io.cairn.model;

import java.time.Duration;
import java.util.Locale;
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
        /// Too many requests or tokens of a model for now.
        LIMITED,
        /// It cannot be reached, or fails.
        AWAY,
        /// It did not answer in time.
        SILENT,
        /// It answered what cannot be used.
        GARBLED,
        /// Whoever asked gave up while it was under way.
        GIVEN_UP,
        /// It was not asked, since it failed several times in a row, or all places were taken.
        TURNED_AWAY,
        /// It was not asked, since a budget of Cairn's is used up.
        OVER_BUDGET,
        /// It was not asked, since the key asks more often than it may.
        OVER_RATE;

        /// As metrics name it.
        String outcome() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What a provider that refuses says about another attempt.
    ///
    /// @param again whether one is of use, which otherwise follows from the kind
    /// @param after how long it asks to wait
    public record Advice(Optional<Boolean> again, Optional<Duration> after) {
        public static final Advice NONE = new Advice(Optional.empty(), Optional.empty());

        public static Advice toWait(Duration time) {
            return new Advice(Optional.empty(), Optional.of(time));
        }
    }

    /// The provider's own words for an error, in the fields of OpenAI's form, as far as it told them.
    ///
    /// @param param the part of the request that is wrong
    public record Words(
            @Nullable String type,
            @Nullable String code,
            @Nullable String param) {
        public static final Words NONE = new Words(null, null, null);
    }

    private final String provider;
    private final Kind kind;
    private final int status;
    private final Words words;
    private final Advice advice;

    private ModelException(
            String provider,
            Kind kind,
            int status,
            Words words,
            String message,
            Advice advice,
            @Nullable Throwable cause) {
        super(message, cause);
        this.provider = provider;
        this.kind = kind;
        this.status = status;
        this.words = words;
        this.advice = advice;
    }

    /// @param message tells what happened, and holds neither keys nor texts of the caller
    public static ModelException of(String provider, Kind kind, String message) {
        return new ModelException(provider, kind, 0, Words.NONE, message, Advice.NONE, null);
    }

    public static ModelException of(String provider, Kind kind, String message, Throwable cause) {
        return new ModelException(provider, kind, 0, Words.NONE, message, Advice.NONE, cause);
    }

    /// What the provider answered.
    ///
    /// @param words of the provider's own
    public static ModelException answered(
            String provider, Kind kind, int status, Words words, String message, Advice advice) {
        return new ModelException(provider, kind, status, words, message, advice, null);
    }

    /// It is not asked before so much time has passed.
    public static ModelException turnedAway(String provider, String message, Duration retryAfter) {
        return new ModelException(provider, Kind.TURNED_AWAY, 0, Words.NONE, message, Advice.toWait(retryAfter), null);
    }

    /// It is not asked for more of one model before so much time has passed.
    public static ModelException limited(String provider, String message, Duration retryAfter) {
        return new ModelException(provider, Kind.LIMITED, 0, Words.NONE, message, Advice.toWait(retryAfter), null);
    }

    /// Cairn itself does not allow the call before so much time has passed.
    ///
    /// @param retryAfter nothing if it never will
    public static ModelException notAllowed(Kind kind, String message, @Nullable Duration retryAfter) {
        var advice = retryAfter == null ? Advice.NONE : Advice.toWait(retryAfter);
        return new ModelException("cairn", kind, 0, Words.NONE, message, advice, null);
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
        return Optional.ofNullable(words.code() == null ? words.type() : words.code());
    }

    /// The provider's own words.
    public Words words() {
        return words;
    }

    public Optional<Duration> retryAfter() {
        return advice.after();
    }

    /// Whether the provider says that another attempt is of use.
    public Optional<Boolean> again() {
        return advice.again();
    }

    /// Whether another provider may do better.
    public boolean isProviders() {
        return switch (kind) {
            case REFUSED, TOO_LONG, GIVEN_UP, OVER_BUDGET, OVER_RATE -> false;
            case KEY_REFUSED, USED_UP, LIMITED, AWAY, SILENT, GARBLED, TURNED_AWAY -> true;
        };
    }

    /// Whether the provider may have worked for the call, and asks to be paid.
    boolean mayHaveCost() {
        return switch (kind) {
            case SILENT, GARBLED, GIVEN_UP -> true;
            case REFUSED, TOO_LONG, KEY_REFUSED, USED_UP, LIMITED, AWAY, TURNED_AWAY, OVER_BUDGET, OVER_RATE -> false;
        };
    }
}
