package io.cairn.server.wire;

import io.cairn.client.wire.Status;
import io.cairn.event.EventLog;
import io.cairn.server.ops.Release;
import io.cairn.server.ops.ServerStatus;
import io.cairn.server.ops.Uptime;
import io.cairn.tenant.Tenant;
import org.springframework.stereotype.Component;

/// What the server says of itself to a tenant.
@Component
public final class TenantStatus {
    private final EventLog log;
    private final ServerStatus status;
    private final TenantCounts counts;
    private final Uptime uptime;

    TenantStatus(EventLog log, ServerStatus status, TenantCounts counts, Uptime uptime) {
        this.log = log;
        this.status = status;
        this.counts = counts;
        this.uptime = uptime;
    }

    /// @param whole whether the key is valid for all tenants, and so for how far all of their events are
    public Status of(Tenant tenant, boolean whole) {
        return new Status(
                Release.version(),
                log.head(log.partition(tenant)).position().wire(),
                counts.of(tenant),
                status.projections(tenant, whole),
                uptime.millis());
    }
}
