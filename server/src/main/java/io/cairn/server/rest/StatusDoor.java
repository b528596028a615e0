package io.cairn.server.rest;

import io.cairn.client.wire.Status;
import io.cairn.event.EventLog;
import io.cairn.server.http.Call;
import io.cairn.server.ops.Release;
import io.cairn.server.ops.ServerStatus;
import io.cairn.server.ops.Uptime;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// What the server says of itself.
@RestController
final class StatusDoor {
    private final EventLog log;
    private final ServerStatus status;
    private final TenantCounts counts;
    private final Uptime uptime;

    StatusDoor(EventLog log, ServerStatus status, TenantCounts counts, Uptime uptime) {
        this.log = log;
        this.status = status;
        this.counts = counts;
        this.uptime = uptime;
    }

    @GetMapping("/v1/status")
    Status status(Call call) {
        var tenant = call.tenant();
        return new Status(
                Release.version(),
                log.head(log.partition(tenant)).position().wire(),
                counts.of(tenant),
                status.projections(tenant),
                uptime.millis());
    }
}
