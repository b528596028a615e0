package io.cairn.lease;

import io.cairn.guard.Loop;
import java.time.Duration;

/// The turns in which a node gives signs of life.
record Heartbeat(Leases leases) implements Loop.Turn {
    private static final System.Logger LOG = System.getLogger(Heartbeat.class.getName());

    @Override
    public Duration take() {
        leases.step();
        return leases.settings().beatEvery();
    }

    @Override
    public Duration failed(RuntimeException failure, int inARow) {
        LOG.log(
                System.Logger.Level.WARNING,
                "Node %s could not give a sign of life; if it cannot for %s, others take over from it"
                        .formatted(leases.node(), leases.settings().time()),
                failure);
        return leases.settings().beatEvery();
    }
}
