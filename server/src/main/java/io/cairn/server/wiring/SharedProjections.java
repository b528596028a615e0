package io.cairn.server.wiring;

import io.cairn.event.EventLog;
import io.cairn.follow.FollowSettings;
import io.cairn.lease.Leases;
import io.cairn.projection.RowProjection;
import io.cairn.projection.RunningRows;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

/// The projections of rows that nodes share.
final class SharedProjections implements AutoCloseable {
    private final List<RunningRows> all;

    private SharedProjections(List<RunningRows> all) {
        this.all = all;
    }

    /// @param leases asked for only if there are projections
    static SharedProjections start(
            List<RowProjection> projections,
            EventLog log,
            Supplier<Leases> leases,
            FollowSettings settings,
            Clock clock) {
        return new SharedProjections(projections.stream()
                .map(projection -> new RunningRows(projection, log, leases.get(), settings, clock).start())
                .toList());
    }

    List<RunningRows> all() {
        return all;
    }

    @Override
    public void close() {
        all.forEach(RunningRows::close);
    }
}
