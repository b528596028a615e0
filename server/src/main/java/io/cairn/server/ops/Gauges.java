package io.cairn.server.ops;

import io.cairn.event.EventLog;
import io.cairn.projection.ProjectionHost;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.util.List;
import org.springframework.beans.factory.DisposableBean;

/// What is measured when somebody scrapes, not when something happens.
final class Gauges implements DisposableBean {
    private final JvmGcMetrics collections = new JvmGcMetrics();

    Gauges(MeterRegistry meters, EventLog log, List<? extends ProjectionHost<?>> projections) {
        Gauge.builder("queue.depth", log, EventLog::waiting)
                .tag("lane", "writer")
                .register(meters);
        for (var head : log.heads()) {
            int partition = head.partition();
            Gauge.builder("log.head", log, known -> known.head(partition).number())
                    .tag("partition", Integer.toString(partition))
                    .register(meters);
        }
        projections.forEach(host -> projection(meters, host));
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ClassLoaderMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new FileDescriptorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
        collections.bindTo(meters);
    }

    /// One that never ran lags infinitely.
    private static void projection(MeterRegistry meters, ProjectionHost<?> host) {
        Gauge.builder(
                        "projection.lag.seconds",
                        host,
                        known -> known.health().lagSeconds().orElse(Double.POSITIVE_INFINITY))
                .tag("projection", host.name())
                .register(meters);
        Gauge.builder("projection.events.behind", host, known -> known.health().eventsBehind())
                .tag("projection", host.name())
                .register(meters);
        Gauge.builder("projection.advancing", host, known -> known.health().advancing() ? 1 : 0)
                .tag("projection", host.name())
                .register(meters);
    }

    @Override
    public void destroy() {
        collections.close();
    }
}
