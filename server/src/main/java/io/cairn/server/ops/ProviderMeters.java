package io.cairn.server.ops;

import io.cairn.guard.Breaker;
import io.cairn.model.GatewayMeter;
import io.cairn.model.ProviderGuard;
import io.cairn.model.Usage;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/// How providers of models do, as metrics.
public final class ProviderMeters implements GatewayMeter {
    private final MeterRegistry meters;

    public ProviderMeters(MeterRegistry meters) {
        this.meters = meters;
    }

    /// From now on its guard is looked at whenever somebody scrapes.
    public void watch(String provider, ProviderGuard guard) {
        Gauge.builder(
                        "model.breaker.state",
                        guard,
                        known -> known.breaker().state().ordinal())
                .tag("provider", provider)
                .register(meters);
        Gauge.builder("model.calls.active", guard, ProviderGuard::underWay)
                .tag("provider", provider)
                .register(meters);
        meters.counter("model.retries", "provider", provider);
        used(provider, Usage.NONE);
    }

    /// The same for the breaker that holds one model back.
    public void watch(String provider, String model, Breaker limits) {
        Gauge.builder("model.limit.state", limits, known -> known.state().ordinal())
                .tag("provider", provider)
                .tag("model", model)
                .register(meters);
    }

    public void triedAgain(String provider) {
        meters.counter("model.retries", "provider", provider).increment();
    }

    @Override
    public void queried(String model, String outcome, Duration took) {
        meters.counter("model.queries", "model", model, "status", outcome).increment();
        timer("model.query.duration", model).record(took);
    }

    @Override
    public void firstToken(String model, Duration after) {
        timer("model.first.token", model).record(after);
    }

    @Override
    public void streamed(String model, String outcome) {
        meters.counter("model.streams", "model", model, "outcome", outcome).increment();
    }

    private Timer timer(String name, String model) {
        return Timer.builder(name)
                .tag("model", model)
                .publishPercentileHistogram()
                .register(meters);
    }

    @Override
    public void fellBack(String from, String to) {
        meters.counter("model.fallbacks", "from", from, "to", to).increment();
    }

    @Override
    public void used(String provider, Usage usage) {
        meters.counter("model.tokens", "provider", provider, "direction", "input")
                .increment(usage.input());
        meters.counter("model.tokens", "provider", provider, "direction", "output")
                .increment(usage.output());
    }
}
