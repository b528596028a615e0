package io.cairn.bus;

import java.time.Duration;

/// How webhooks are sent to other servers.
///
/// @param lane of the tasks that send them, which is sequential and passes over dead letters
/// @param timeMax for one attempt
/// @param probeEvery how often an endpoint that is failing is tried
/// @param disableAfter how long an endpoint may be failing before it is switched off
/// @param batchMax webhooks that an endpoint is given at a time, so that one with much to catch up is not flooded
/// @param keysEach how many webhooks an endpoint is sent side by side; those of one stream follow each other
public record WebhookSettings(
        String lane, Duration timeMax, Duration probeEvery, Duration disableAfter, int batchMax, int keysEach) {
    public static final String LANE = "webhooks";

    public WebhookSettings {
        if (!timeMax.isPositive() || !probeEvery.isPositive() || !disableAfter.isPositive()) {
            throw new IllegalArgumentException("The times of webhooks are longer than nothing; found %s, %s and %s"
                    .formatted(timeMax, probeEvery, disableAfter));
        }
        if (batchMax < 1 || keysEach < 1) {
            throw new IllegalArgumentException("An endpoint is given at least one webhook at a time; found %d and %d"
                    .formatted(batchMax, keysEach));
        }
    }

    public static WebhookSettings defaults() {
        return new WebhookSettings(LANE, Duration.ofSeconds(15), Duration.ofSeconds(30), Duration.ofHours(24), 100, 4);
    }
}
