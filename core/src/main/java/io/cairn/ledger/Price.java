package io.cairn.ledger;

import io.cairn.model.Usage;
import java.math.BigDecimal;
import java.util.stream.Stream;

/// What a model costs, in money for a million tokens.
///
/// @param cachedInput of the input that the provider had at hand
public record Price(BigDecimal input, BigDecimal cachedInput, BigDecimal output) {
    private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000);

    public static final Price NOTHING = new Price(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

    public Price {
        Stream.of(input, cachedInput, output)
                .filter(price -> price.signum() < 0 || price.compareTo(MOST) > 0)
                .findFirst()
                .ifPresent(price -> {
                    throw new IllegalArgumentException("A price of a million tokens is 0 to %s; found %s"
                            .formatted(MOST.toPlainString(), price.toPlainString()));
                });
    }

    /// In billionths of the currency, rounded up.
    long cost(Usage usage) {
        return Money.cost(times(input, usage.input() - usage.cached())
                .add(times(cachedInput, usage.cached()))
                .add(times(output, usage.output())));
    }

    /// What it costs at most, whatever the provider has at hand.
    long most(Usage usage) {
        return Money.cost(times(input.max(cachedInput), usage.input()).add(times(output, usage.output())));
    }

    private static BigDecimal times(BigDecimal price, long tokens) {
        return price.multiply(BigDecimal.valueOf(tokens));
    }
}
