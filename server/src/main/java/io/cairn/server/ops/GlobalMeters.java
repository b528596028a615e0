package io.cairn.server.ops;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;

/// Micrometer's global registry, on which code that no one hands a registry measures, for as long as the server runs.
record GlobalMeters(MeterRegistry meters) implements AutoCloseable {
    GlobalMeters {
        Metrics.addRegistry(meters);
    }

    @Override
    public void close() {
        Metrics.removeRegistry(meters);
    }
}
