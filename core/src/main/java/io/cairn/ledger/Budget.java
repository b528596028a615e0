package io.cairn.ledger;

/// How much may be used in a period.
///
/// @param name under which it stands in refusals and metrics
/// @param limit in tokens, or in billionths of the currency
public record Budget(String name, Payers payers, Period per, Unit unit, long limit) {
    /// What is counted.
    public enum Unit {
        MONEY,
        TOKENS
    }

    public Budget {
        if (limit <= 0 || limit > Long.MAX_VALUE / 4) {
            throw new IllegalArgumentException("The budget '%s' is positive and not beyond all bounds".formatted(name));
        }
    }
}
