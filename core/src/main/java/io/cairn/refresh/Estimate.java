package io.cairn.refresh;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/// What a change of the model will probably take, worked out before it begins.
///
/// @param texts that have no vector of the new model yet, each counted once
/// @param tokens that the model will read of them
/// @param cost of these by the price table
/// @param currency as a plain word
/// @param time at the speed of the model, and at the rate that is allowed
public record Estimate(long texts, long tokens, BigDecimal cost, String currency, Duration time) {
    /// Of so many of the texts.
    long tokensOf(long some) {
        return texts == 0
                ? 0
                : BigDecimal.valueOf(tokens)
                        .multiply(BigDecimal.valueOf(some))
                        .divide(BigDecimal.valueOf(texts), RoundingMode.UP)
                        .longValue();
    }
}
