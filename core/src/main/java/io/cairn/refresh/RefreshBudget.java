package io.cairn.refresh;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/// What a change of the model may cost, by itself and beside every other budget. It waits where it would cost more.
///
/// @param price of a million tokens that the new model reads
/// @param currency as a plain word
/// @param costMax in that currency
/// @param tokensMax that the model may read
public record RefreshBudget(BigDecimal price, String currency, Optional<BigDecimal> costMax, Optional<Long> tokensMax) {
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
    private static final int DIGITS = 6;
    private static final String WHAT_TO_DO = "Allow more and resume, or cancel";

    public RefreshBudget {
        if (price.signum() < 0
                || costMax.filter(max -> max.signum() <= 0).isPresent()
                || tokensMax.filter(max -> max <= 0).isPresent()) {
            throw new IllegalArgumentException("cost-max and tokens-max are more than 0; found %s and %s"
                    .formatted(
                            costMax.map(BigDecimal::toPlainString).orElse("none"),
                            tokensMax.map(String::valueOf).orElse("none")));
        }
    }

    /// Whatever it costs.
    public static RefreshBudget unlimited() {
        return new RefreshBudget(BigDecimal.ZERO, "USD", Optional.empty(), Optional.empty());
    }

    boolean isLimited() {
        return costMax.isPresent() || tokensMax.isPresent();
    }

    BigDecimal cost(long tokens) {
        return price.multiply(BigDecimal.valueOf(tokens)).divide(MILLION, DIGITS, RoundingMode.UP);
    }

    /// Why so many more tokens are too many; nothing if they are allowed.
    Optional<String> refusal(long spent, long more) {
        return costMax.filter(max -> cost(spent + more).compareTo(max) > 0)
                .map(max ->
                        "It has cost %s %s, and what comes next about %s; cairn.models.refresh.cost-max allows %s. %s"
                                .formatted(plain(cost(spent)), currency, plain(cost(more)), plain(max), WHAT_TO_DO))
                .or(() -> tokensMax
                        .filter(max -> spent + more > max)
                        .map(max ->
                                "It has taken %d tokens, and what comes next about %d; cairn.models.refresh.tokens-max allows %d. %s"
                                        .formatted(spent, more, max, WHAT_TO_DO)));
    }

    private static String plain(BigDecimal amount) {
        return amount.stripTrailingZeros().toPlainString();
    }
}
