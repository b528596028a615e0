package io.cairn.server.fault;

/// How often a test of faults does its worst: as often as it says, or as `-Dcairn.test.rounds` does.
final class Rounds {
    private Rounds() {}

    static int of(int usual) {
        return Integer.getInteger("cairn.test.rounds", usual);
    }
}
