package io.cairn.server.wiring;

import io.cairn.event.EventLog;
import io.cairn.lease.Leases;
import io.cairn.projection.ProjectionSettings;
import io.cairn.projection.RowProjection;
import io.cairn.projection.SharedProjection;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

/// The projections of rows that nodes share.
final class SharedProjections implements AutoCloseable {
    private final List<SharedProjection> all;

    private SharedProjections(List<SharedProjection> all) {
        this.all = all;
    }

    /// @param leases asked for only if there are projections
    static SharedProjections start(
            List<RowProjection> projections,
            EventLog log,
            Supplier<Leases> leases,
            ProjectionSettings settings,
            Clock clock) {
        return new SharedProjections(projections.stream()
                .map(projection -> new SharedProjection(projection, log, leases.get(), settings, clock).start())
                .toList());
    }

    List<SharedProjection> all() {
        return all;
    }

    @Override
    public void close() {
        all.forEach(SharedProjection::close);
    }
}
