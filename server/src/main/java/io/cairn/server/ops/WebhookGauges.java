package io.cairn.server.ops;

import io.cairn.bus.Endpoint;
import io.cairn.bus.EndpointCounts;
import io.cairn.bus.ParkedStreams;
import io.cairn.bus.Readers;
import io.cairn.event.EventLog;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.LongSupplier;

/// How the endpoints of webhooks and durable subscriptions fare, counted when somebody scrapes.
final class WebhookGauges {
    WebhookGauges(MeterRegistry meters, EventLog log, Readers readers, LongSupplier nanos) {
        var counts = Recent.counted(log, "endpoints", () -> EndpointCounts.of(log), nanos);
        for (var status : Endpoint.Status.values()) {
            Gauge.builder("webhook.endpoints", () -> counts.now().count(status))
                    .tag("status", status.text())
                    .register(meters);
            Gauge.builder("webhook.events.behind", () -> counts.now().behindMost(status))
                    .tag("status", status.text())
                    .register(meters);
        }
        var parked = Recent.counted(log, "subscriptions", () -> ParkedStreams.count(log), nanos);
        Gauge.builder("subscription.parked", parked::now).register(meters);
        // What it counts is an operation for each tenant.
        var lag = new Recent<Long>(readers::lagMost, Duration.ofSeconds(5), nanos);
        Gauge.builder("subscription.lag", lag::now).register(meters);
    }
}
