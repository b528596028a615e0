package io.cairn.guard;

import java.time.Duration;
import java.util.Optional;

/// How the failures of one kind of service are read: each service has exceptions of its own.
public interface Failures {
    /// What a failure tells of the service, and of the work that failed.
    enum Kind {
        /// The service does not answer for now, and the work certainly did not happen: it may be tried again.
        TRANSIENT,
        /// The service answers and takes no more of this work for now, which did not happen: it may be tried again.
        LIMITED,
        /// The service does not answer for now, and the work may have happened: only its caller may try it again.
        UNKNOWN,
        /// The service answered, and would answer the same again.
        PERMANENT
    }

    Kind kind(RuntimeException failure);

    /// When to ask again, if the service is known not to answer before.
    default Optional<Duration> retryAfter(RuntimeException failure) {
        return Optional.empty();
    }

    /// How long a service that did answer asks to be left alone before the same work comes again.
    default Optional<Duration> asksToWait(RuntimeException failure) {
        return Optional.empty();
    }

    /// What a caller gets whom a breaker turned away: the service was not asked.
    RuntimeException turnedAway(String message, Duration retryAfter);
}
