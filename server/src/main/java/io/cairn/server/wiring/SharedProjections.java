package io.cairn.server.wiring;

import io.cairn.event.EventLog;
import io.cairn.lease.LeaseSettings;
import io.cairn.lease.Leases;
import io.cairn.projection.ProjectionSettings;
import io.cairn.projection.RowProjection;
import io.cairn.projection.SharedProjection;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/// The projections that nodes share, and the leases under which each follows its part. Where there is none, this node
/// gives no signs of life either.
final class SharedProjections implements AutoCloseable {
    private final Optional<Leases> leases;
    private final List<SharedProjection> all;

    private SharedProjections(Optional<Leases> leases, List<SharedProjection> all) {
        this.leases = leases;
        this.all = all;
    }

    /// @param node of this process alone
    static SharedProjections start(
            List<RowProjection> projections,
            EventLog log,
            String node,
            LeaseSettings lease,
            ProjectionSettings settings,
            Clock clock) {
        if (projections.isEmpty()) {
            return new SharedProjections(Optional.empty(), List.of());
        }
        var leases = new Leases(log, node, lease, System::nanoTime).start();
        return new SharedProjections(
                Optional.of(leases),
                projections.stream()
                        .map(projection -> new SharedProjection(projection, log, leases, settings, clock).start())
                        .toList());
    }

    List<SharedProjection> all() {
        return all;
    }

    @Override
    public void close() {
        all.forEach(SharedProjection::close);
        leases.ifPresent(Leases::close);
    }
}
