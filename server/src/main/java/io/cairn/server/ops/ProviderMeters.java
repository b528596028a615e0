package io.cairn.server.ops;

import io.cairn.model.ProviderGuard;
import io.cairn.model.Usage;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/// How providers of models do, as metrics.
public final class ProviderMeters {
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

    public void triedAgain(String provider) {
        meters.counter("model.retries", "provider", provider).increment();
    }

    public void used(String provider, Usage usage) {
        meters.counter("model.tokens", "provider", provider, "direction", "input")
                .increment(usage.input());
        meters.counter("model.tokens", "provider", provider, "direction", "output")
                .increment(usage.output());
    }
}
