package io.cairn.server.rest;

import io.cairn.client.wire.Status;
import io.cairn.server.http.Call;
import io.cairn.server.security.Granted;
import io.cairn.server.wire.TenantStatus;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// What the server says of itself.
@RestController
final class StatusDoor {
    private final TenantStatus statuses;

    StatusDoor(TenantStatus statuses) {
        this.statuses = statuses;
    }

    @GetMapping("/v1/status")
    Status status(Call call, HttpServletRequest request) {
        return statuses.of(call.tenant(), Granted.everyTenant(request));
    }
}
