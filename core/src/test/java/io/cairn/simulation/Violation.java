package io.cairn.simulation;

import java.util.ArrayList;
import java.util.List;

/// A promise of the engine that did not hold.
final class Violation extends Error {
    private static final long serialVersionUID = 1;

    private final transient List<String> steps = new ArrayList<>();

    Violation(String what, Object... parts) {
        super(what.formatted(parts));
    }

    /// @param steps that led to it
    Violation after(List<String> steps) {
        this.steps.addAll(steps);
        return this;
    }

    List<String> steps() {
        return steps;
    }

    /// The engine did what it never should.
    static Violation by(RuntimeException failure) {
        if (failure.getCause() instanceof Violation found) {
            return found;
        }
        var violation = new Violation("The engine failed: %s", failure);
        violation.initCause(failure);
        return violation;
    }
}
