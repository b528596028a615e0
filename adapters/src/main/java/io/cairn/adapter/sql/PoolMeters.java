package io.cairn.adapter.sql;

import com.zaxxer.hikari.metrics.IMetricsTracker;
import com.zaxxer.hikari.metrics.MetricsTrackerFactory;
import com.zaxxer.hikari.metrics.PoolStats;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/// Metrics of a pool: how many connections it has, how many are in use, and how often one was not free in time.
record PoolMeters(MeterRegistry meters) implements MetricsTrackerFactory {
    @Override
    public IMetricsTracker create(String pool, PoolStats stats) {
        gauge("active", pool, stats, PoolStats::getActiveConnections);
        gauge("idle", pool, stats, PoolStats::getIdleConnections);
        gauge("waiting", pool, stats, PoolStats::getPendingThreads);
        gauge("max", pool, stats, PoolStats::getMaxConnections);
        var exhausted = meters.counter("db.pool.exhausted", "pool", pool);
        return new IMetricsTracker() {
            @Override
            public void recordConnectionTimeout() {
                exhausted.increment();
            }
        };
    }

    private void gauge(String what, String pool, PoolStats stats, ToDoubleFunction<PoolStats> value) {
        Gauge.builder("db.connections." + what, stats, value)
                .tag("pool", pool)
                .strongReference(true)
                .register(meters);
    }
}
