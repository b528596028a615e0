package io.cairn.lease;

/// Signs of life of a node that has no thread, for tests in other packages.
public final class LeaseSteps {
    private LeaseSteps() {}

    public static void step(Leases leases) {
        leases.step();
    }
}
