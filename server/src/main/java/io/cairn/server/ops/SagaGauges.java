package io.cairn.server.ops;

import io.cairn.event.EventLog;
import io.cairn.saga.SagaStatus;
import io.cairn.saga.Sagas;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.LongSupplier;

/// How many sagas there are, counted when somebody scrapes.
final class SagaGauges {
    SagaGauges(MeterRegistry meters, EventLog log, Sagas sagas, LongSupplier nanos) {
        var counts = Recent.counted(log, "sagas", sagas::counts, nanos);
        for (var type : sagas.types().all()) {
            for (var status : SagaStatus.values()) {
                var listing = Sagas.listing(status, type);
                Gauge.builder("sagas", () -> counts.now().getOrDefault(listing, 0L))
                        .tag("type", type.name())
                        .tag("status", status.text())
                        .register(meters);
            }
        }
    }
}
