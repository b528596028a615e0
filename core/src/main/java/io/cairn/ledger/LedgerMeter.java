package io.cairn.ledger;

/// Is told what models cost, for metrics.
public interface LedgerMeter {
    /// A call was settled.
    void settled(String model, Used used);

    /// A call was refused by a budget or a rate.
    void refused(String limit);
}
