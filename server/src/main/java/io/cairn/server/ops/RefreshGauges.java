package io.cairn.server.ops;

import io.cairn.refresh.ModelRefresh;
import io.cairn.refresh.Phase;
import io.cairn.refresh.Refresh;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// How far a change of the embedding model is, looked up when somebody scrapes.
public final class RefreshGauges {
    private static final Duration KEPT = Duration.ofMillis(500);

    public RefreshGauges(MeterRegistry meters, ModelRefresh refreshes, LongSupplier nanos) {
        var last = new Recent<>(refreshes::last, KEPT, nanos);
        Gauge.builder("model.outdated", () -> refreshes.outdated() ? 1 : 0).register(meters);
        Gauge.builder("model.refresh.done", () -> last.now().map(Refresh::done).orElse(0L))
                .register(meters);
        Gauge.builder(
                        "model.refresh.texts",
                        () -> last.now().map(Refresh::total).orElse(0L))
                .register(meters);
        for (var phase : Phase.values()) {
            Gauge.builder("model.refresh.phase", () -> isIn(phase, last.now()) ? 1 : 0)
                    .tag("phase", phase.text())
                    .register(meters);
        }
    }

    private static boolean isIn(Phase phase, Optional<Refresh> refresh) {
        return refresh.filter(last -> last.phase() == phase).isPresent();
    }
}
