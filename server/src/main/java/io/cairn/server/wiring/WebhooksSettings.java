package io.cairn.server.wiring;

import io.cairn.bus.TargetRules;
import io.cairn.bus.WebhookSettings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How other servers are told of events; `cairn.webhooks`.
///
/// @param allowedHosts to which webhooks may be sent though they are not on the public internet, or without TLS
/// @param timeout for one attempt
/// @param probeEvery how often an endpoint that is failing is tried
/// @param disableAfter how long an endpoint may be failing before it is switched off
/// @param formerSecret how long a secret is still good after another has replaced it
/// @param connections that may be open at a time
public record WebhooksSettings(
        @DefaultValue List<String> allowedHosts,
        @DefaultValue("15s") Duration timeout,
        @DefaultValue("30s") Duration probeEvery,
        @DefaultValue("24h") Duration disableAfter,
        @DefaultValue("24h") Duration formerSecret,
        @DefaultValue("256") int connections) {
    private static final int BATCH = 100;
    private static final int SIDE_BY_SIDE = 4;

    public WebhooksSettings {
        allowedHosts = List.copyOf(allowedHosts);
        if (connections < 1 || formerSecret.isNegative()) {
            throw new IllegalArgumentException(
                    "cairn.webhooks.connections is 1 or more and cairn.webhooks.former-secret not negative; found %d and %s"
                            .formatted(connections, formerSecret));
        }
    }

    TargetRules rules() {
        return new TargetRules(Set.copyOf(allowedHosts));
    }

    WebhookSettings settings() {
        return new WebhookSettings(WebhookSettings.LANE, timeout, probeEvery, disableAfter, BATCH, SIDE_BY_SIDE);
    }
}
