package io.cairn.event;

import io.cairn.guard.Failures;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The store could not do its work; nothing that it refused has been kept.
public class StorageException extends RuntimeException {
    /// Who has to act.
    public enum Kind {
        /// No room is left: an operator frees some, and the same request will do.
        FULL,
        /// It will pass by itself: try the same request again.
        BUSY,
        /// The commit may or may not have happened: ask again with the same event ids.
        UNKNOWN,
        /// The store is broken: an operator has to look.
        BROKEN,
        /// What is asked for is not as it was written: an operator has to restore it. The rest may be sound.
        DAMAGED
    }

    /// How breakers and retries read it; what is no failure of a store says nothing about one.
    public static final Failures FAILURES = new Failures() {
        @Override
        public Failures.Kind kind(RuntimeException failure) {
            return failure instanceof StorageException of
                    ? switch (of.kind()) {
                        case BUSY -> Failures.Kind.TRANSIENT;
                        case UNKNOWN -> Failures.Kind.UNKNOWN;
                        case FULL, BROKEN, DAMAGED -> Failures.Kind.PERMANENT;
                    }
                    : Failures.Kind.PERMANENT;
        }

        @Override
        public Optional<Duration> retryAfter(RuntimeException failure) {
            return failure instanceof StorageException of ? of.retryAfter() : Optional.empty();
        }

        @Override
        public RuntimeException turnedAway(String message, Duration retryAfter) {
            return new StorageException(message, retryAfter);
        }
    };

    private final Kind kind;
    private final transient @Nullable Duration retryAfter;

    public StorageException(Kind kind, String message, Throwable cause) {
        this(kind, message, cause, null);
    }

    /// Of a store that is known not to answer for some time, so that it was not even asked.
    StorageException(String message, Duration retryAfter) {
        this(Kind.BUSY, message, new TimeoutException(), retryAfter);
    }

    private StorageException(Kind kind, String message, Throwable cause, @Nullable Duration retryAfter) {
        super(message, cause);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    /// The same failure as another thread sees it, so that a log line shows both sides.
    StorageException seenHere() {
        return new StorageException(kind, String.valueOf(getMessage()), this, retryAfter);
    }

    public Kind kind() {
        return kind;
    }

    /// When to ask again, if the store is known not to answer before.
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
