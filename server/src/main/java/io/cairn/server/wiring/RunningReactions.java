package io.cairn.server.wiring;

import io.cairn.event.EventLog;
import io.cairn.feature.Features;
import io.cairn.follow.FollowSettings;
import io.cairn.follow.Reaction;
import io.cairn.follow.RunningReaction;
import io.cairn.lease.Leases;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The reactions that run on this node: those of the features, and those that start sagas.
record RunningReactions(List<RunningReaction> all) implements AutoCloseable {
    RunningReactions {
        all = List.copyOf(all);
    }

    /// @param more than the features bring
    /// @param leases asked for only if there is a reaction
    static RunningReactions start(
            Features features, List<Reaction> more, EventLog log, Supplier<Leases> leases, Clock clock) {
        return new RunningReactions(Stream.concat(features.reactions().stream(), more.stream())
                .map(reaction -> new RunningReaction(reaction, log, leases.get(), FollowSettings.defaults(), clock))
                .map(RunningReactions::begun)
                .toList());
    }

    /// What begins at the log's end hears of what comes next, and that has to be so before the doors open.
    private static RunningReaction begun(RunningReaction reaction) {
        reaction.step();
        return reaction.start();
    }

    @Override
    public void close() {
        all.forEach(RunningReaction::close);
    }
}
