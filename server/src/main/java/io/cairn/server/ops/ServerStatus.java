package io.cairn.server.ops;

import io.cairn.client.wire.ProjectionState;
import io.cairn.client.wire.ProjectionStatus;
import io.cairn.client.wire.RebuildProgress;
import io.cairn.event.EventLog;
import io.cairn.event.InlineRebuilds;
import io.cairn.follow.FollowerHealth;
import io.cairn.follow.RunningFollower;
import io.cairn.tenant.Tenant;
import java.util.List;

/// What the projections and the log say of themselves, as clients are told.
public final class ServerStatus {
    private final EventLog log;
    private final List<RunningFollower> projections;

    ServerStatus(EventLog log, List<RunningFollower> projections) {
        this.log = log;
        this.projections = projections;
    }

    /// @param whole whether those who ask may know of all partitions, and not of the tenant's alone
    public List<ProjectionStatus> projections(Tenant tenant, boolean whole) {
        return projections.stream()
                .map(host -> log.<ProjectionStatus, RuntimeException>operation(
                        () -> "the status of " + host.name(), 1, () -> status(tenant, whole, host)))
                .toList();
    }

    /// The projections that commit with the events: never behind, and of interest while they are
    /// rebuilt.
    ///
    /// @param whole whether those who ask may know how many events of all tenants that takes
    public List<ProjectionStatus> inline(Tenant tenant, boolean whole) {
        var head = log.head(log.partition(tenant)).position().wire();
        return log.inline().names().stream()
                .map(name -> inline(name, log.inline().state(name), head, whole))
                .toList();
    }

    private static ProjectionStatus inline(String name, InlineRebuilds.State state, String head, boolean whole) {
        var doing = state.failure().isPresent()
                ? ProjectionState.FAILED
                : state.rebuilding().isPresent() ? ProjectionState.REBUILDING : ProjectionState.RUNNING;
        return new ProjectionStatus(
                name,
                head,
                0,
                0.0,
                false,
                true,
                doing,
                state.generation(),
                0L,
                null,
                state.rebuilding()
                        .filter(rebuild -> whole)
                        .map(rebuild -> new RebuildProgress(state.generation() + 1, rebuild.done(), rebuild.total()))
                        .orElse(null));
    }

    private ProjectionStatus status(Tenant tenant, boolean whole, RunningFollower host) {
        int partition = log.partition(tenant);
        var health = host.health(each -> whole || each == partition);
        var lag = health.lagSeconds();
        return new ProjectionStatus(
                health.name(),
                log.position(partition, health.position(partition)).wire(),
                health.eventsBehind(),
                lag.isPresent() ? lag.getAsDouble() : null,
                health.stale(),
                health.advancing(),
                state(health),
                health.generation(),
                host.parkedCount(tenant),
                health.lastEventAt().orElse(null),
                health.rebuilding()
                        .map(rebuild -> new RebuildProgress(rebuild.generation(), rebuild.done(), rebuild.total()))
                        .orElse(null));
    }

    private static ProjectionState state(FollowerHealth health) {
        if (health.failure().isPresent()) {
            return ProjectionState.FAILED;
        }
        return health.rebuilding().isPresent() ? ProjectionState.REBUILDING : ProjectionState.RUNNING;
    }
}
