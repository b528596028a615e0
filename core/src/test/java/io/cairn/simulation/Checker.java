package io.cairn.simulation;

/// Holds the engine to one of its promises.
interface Checker {
    /// @throws Violation if the promise does not hold after an act
    void check();

    /// @throws Violation if it does not hold at the end, when nothing is left to do
    default void checkEnd() {
        check();
    }
}
