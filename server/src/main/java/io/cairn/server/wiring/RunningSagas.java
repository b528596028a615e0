package io.cairn.server.wiring;

import io.cairn.follow.RunningReaction;
import java.util.List;

/// The reactions that start sagas and tell them of events.
record RunningSagas(List<RunningReaction> all) implements AutoCloseable {
    RunningSagas {
        all = List.copyOf(all);
    }

    @Override
    public void close() {
        all.forEach(RunningReaction::close);
    }
}
