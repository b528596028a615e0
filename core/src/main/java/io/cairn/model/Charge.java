package io.cairn.model;

/// What a call of a model may take at most, which is reserved until it is known what the call took.
///
/// Its first outcome counts, so that it is settled exactly once.
public interface Charge {
    /// The call took this.
    ///
    /// @param used [estimated][Usage#estimated()] where the provider did not tell
    void settle(Usage used);

    /// Whether a budget covers the call, so that it must not take more than was reserved.
    default boolean isBudgeted() {
        return false;
    }

    /// The call took nothing.
    void release();

    /// The call failed: if the provider may have worked for it, it is settled by this estimate.
    default void failed(RuntimeException failure, Usage estimate) {
        if (!(failure instanceof ModelException model) || model.mayHaveCost()) {
            settle(estimate.asEstimate());
        } else {
            release();
        }
    }
}
