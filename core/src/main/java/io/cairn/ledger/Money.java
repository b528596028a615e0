package io.cairn.ledger;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// Amounts of money, which are kept as whole billionths of the currency.
public final class Money {
    private static final int DIGITS = 9;
    private static final int DIGITS_OF_MILLION = 6;
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE / 4);

    private Money() {}

    /// @throws IllegalArgumentException if it is finer than a billionth, or beyond two billion
    public static long billionths(BigDecimal amount) {
        try {
            return amount.movePointRight(DIGITS).longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "%s is no amount of money: at most nine digits behind the point, and below two billion"
                            .formatted(amount.toPlainString()),
                    e);
        }
    }

    public static BigDecimal of(long billionths) {
        return BigDecimal.valueOf(billionths, DIGITS);
    }

    /// The cost in billionths, rounded up, of tokens times their price for a million.
    static long cost(BigDecimal tokensTimesPrice) {
        return tokensTimesPrice
                .movePointRight(DIGITS - DIGITS_OF_MILLION)
                .setScale(0, RoundingMode.CEILING)
                .min(MOST)
                .longValueExact();
    }
}
