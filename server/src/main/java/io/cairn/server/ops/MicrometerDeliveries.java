package io.cairn.server.ops;

import io.cairn.bus.DeliveryWatch;
import io.cairn.bus.Endpoint;
import io.cairn.bus.Sender;
import io.cairn.tenant.Tenant;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/// Counts and times attempts to send webhooks by what came of them; endpoints are a tenant's and no label.
public final class MicrometerDeliveries implements DeliveryWatch {
    private final MeterRegistry meters;

    public MicrometerDeliveries(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public void sent(Tenant tenant, Endpoint endpoint, Sender.Sent outcome, Duration took) {
        Timer.builder("webhook.deliveries")
                .tag("outcome", word(outcome))
                .publishPercentileHistogram(false)
                .register(meters)
                .record(took);
    }

    private static String word(Sender.Sent outcome) {
        return switch (outcome) {
            case Sender.Sent.Answered answer -> answer.taken() ? "taken" : "refused";
            case Sender.Sent.Failed failed -> "failed";
            case Sender.Sent.Forbidden forbidden -> "forbidden";
        };
    }
}
