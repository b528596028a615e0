package io.cairn.model;

import io.cairn.guard.Failures;
import java.time.Duration;
import java.util.Optional;

/// How the failures of one provider of models are read.
///
/// A rate limit is of one model, and says that the provider answers: [RateLimits] reads it.
///
/// @param provider its name
public record ModelFailures(String provider) implements Failures {
    /// What a provider could not use, or does not take, says nothing about how it does. Its own word for
    /// it goes first.
    @Override
    public Kind kind(RuntimeException failure) {
        if (!(failure instanceof ModelException model)) {
            return Kind.PERMANENT;
        }
        if (model.again().isPresent() && !model.again().get()) {
            return Kind.PERMANENT;
        }
        return switch (model.kind()) {
            case AWAY -> Kind.TRANSIENT;
            case LIMITED -> Kind.LIMITED;
            case SILENT -> Kind.UNKNOWN;
            case REFUSED -> model.again().isPresent() ? Kind.TRANSIENT : Kind.PERMANENT;
            case TOO_LONG, KEY_REFUSED, USED_UP, GARBLED, GIVEN_UP, TURNED_AWAY, OVER_BUDGET, OVER_RATE ->
                Kind.PERMANENT;
        };
    }

    @Override
    public Optional<Duration> asksToWait(RuntimeException failure) {
        return failure instanceof ModelException model ? model.retryAfter() : Optional.empty();
    }

    @Override
    public RuntimeException turnedAway(String message, Duration retryAfter) {
        return ModelException.turnedAway(provider, message, retryAfter);
    }
}
