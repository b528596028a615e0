package io.cairn.server.ops;

import io.cairn.saga.SagaStatus;
import io.cairn.saga.SagaType;
import io.cairn.saga.Sagas;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// How many sagas there are, counted when somebody scrapes.
final class SagaGauges {
    private static final long COUNTED_EVERY = Duration.ofSeconds(5).toNanos();

    private final Sagas sagas;
    private final LongSupplier nanos;
    private @Nullable Map<String, Long> counts;
    private long countedAt;

    SagaGauges(MeterRegistry meters, Sagas sagas, LongSupplier nanos) {
        this.sagas = sagas;
        this.nanos = nanos;
        for (var type : sagas.types().all()) {
            for (var status : SagaStatus.values()) {
                Gauge.builder("sagas", this, gauges -> gauges.count(status, type))
                        .tag("type", type.name())
                        .tag("status", status.text())
                        .register(meters);
            }
        }
    }

    private long count(SagaStatus status, SagaType type) {
        return counts().getOrDefault(Sagas.listing(status, type), 0L);
    }

    private synchronized Map<String, Long> counts() {
        var known = counts;
        long now = nanos.getAsLong();
        if (known == null || now - countedAt > COUNTED_EVERY) {
            known = sagas.counts();
            counts = known;
            countedAt = now;
        }
        return known;
    }
}
