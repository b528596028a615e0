package io.cairn.simulation;

import java.util.function.Consumer;

/// The versions of the shared projection, which nodes bring with them as they start anew, one after the other.
final class Releases {
    private static final int LATEST_MAX = 3;

    private final SharedGenerations generations;
    private final Trace trace;
    private int latest = 1;

    Releases(World world) {
        this.generations = new SharedGenerations(world.storage());
        this.trace = world.trace();
    }

    /// What a node runs that starts now.
    int latest() {
        return latest;
    }

    /// Stops a node to run a new version there.
    void rollOut(Node node) {
        latest = Math.min(latest + 1, LATEST_MAX);
        trace.note("gets version %d of the shared rows", latest);
        node.die();
    }

    /// Lets a node do something with the shared rows; one from which a newer version has taken over is stopped.
    void on(Node node, Consumer<Node> work) {
        try {
            work.accept(node);
        } catch (IllegalStateException e) {
            if (e.getCause() != null || node.version() >= current()) {
                throw e;
            }
            trace.note("is out of date: %s", e);
            node.die();
        }
    }

    private int current() {
        return generations.current().map(SharedGenerations.Generation::version).orElse(0);
    }
}
