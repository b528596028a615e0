package io.cairn.bus;

import io.cairn.tenant.Tenant;
import java.time.Duration;

/// Is told of each attempt to send a webhook.
@FunctionalInterface
public interface DeliveryWatch {
    void sent(Tenant tenant, Endpoint endpoint, Sender.Sent outcome, Duration took);
}
