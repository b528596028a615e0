package io.cairn.model;

import io.cairn.guard.Failures;
import java.time.Duration;

/// How the failures of one model are read by who asks only whether its provider takes no more of it for now. Its other
/// failures are the [provider's][ModelFailures].
///
/// @param model its name at the provider
public record RateLimits(String provider, String model) implements Failures {
    @Override
    public Kind kind(RuntimeException failure) {
        return new ModelFailures(provider).kind(failure) == Kind.LIMITED ? Kind.TRANSIENT : Kind.PERMANENT;
    }

    @Override
    public RuntimeException turnedAway(String message, Duration retryAfter) {
        return ModelException.limited(
                provider,
                "Provider '%s' took no more calls of model '%s' several times in a row, and is asked for it again in %d s"
                        .formatted(provider, model, Math.max(1, retryAfter.toSeconds())),
                retryAfter);
    }
}
