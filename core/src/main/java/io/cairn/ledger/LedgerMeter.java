package io.cairn.ledger;

/// Is told what models cost, for metrics.
public interface LedgerMeter {
    /// A call was settled.
    void settled(String model, Used used);

    /// Texts needed no call, since their vectors were known.
    ///
    /// @param tokens that they would have taken, as an estimate
    void saved(String model, long tokens);

    /// A call was refused by a budget or a rate.
    void refused(String limit);
}
