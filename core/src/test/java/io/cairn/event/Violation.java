package io.cairn.event;

/// A promise of the engine that did not hold.
final class Violation extends Error {
    private static final long serialVersionUID = 1;

    Violation(String what, Object... parts) {
        super(what.formatted(parts));
    }
}
