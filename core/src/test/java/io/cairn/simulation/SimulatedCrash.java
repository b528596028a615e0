package io.cairn.simulation;

/// The end of a simulated process: an error, so that nothing on its way out takes it for a failure to handle.
final class SimulatedCrash extends Error {
    private static final long serialVersionUID = 1;

    SimulatedCrash() {
        super("The process is dead", null, false, false);
    }
}
