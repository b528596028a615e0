package io.cairn.model;

/// Who keeps account of what models cost, and says whether a call may be made.
public interface Spending {
    /// Reserves what a call may take at most, before anything is asked.
    ///
    /// @param most tokens that it may read and write
    /// @throws ModelException if a budget or a rate does not allow it
    Charge reserve(Payer payer, String model, Usage most);

    /// A request, which counts as one however many calls of models it takes, and also where it takes none.
    ///
    /// @return the account of its calls
    /// @throws ModelException if a rate does not allow it
    default Spending request(Payer payer) {
        return this;
    }

    /// Texts needed no call, since their vectors were known.
    ///
    /// @param tokens that they would have taken, as an estimate
    void saved(Payer payer, String model, long texts, long tokens);

    /// Models that cost nothing.
    static Spending free() {
        return new Spending() {
            @Override
            public Charge reserve(Payer payer, String model, Usage most) {
                return new Charge() {
                    @Override
                    public void settle(Usage used) {}

                    @Override
                    public void release() {}
                };
            }

            @Override
            public void saved(Payer payer, String model, long texts, long tokens) {}
        };
    }
}
