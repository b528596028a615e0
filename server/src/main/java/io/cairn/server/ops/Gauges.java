package io.cairn.server.ops;

import io.cairn.event.EventLog;
import io.cairn.event.LogStorage;
import io.cairn.follow.ParkedKeys;
import io.cairn.follow.RunningFollower;
import io.cairn.guard.Breaker;
import io.cairn.tenant.Tenant;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.DisposableBean;

/// What is measured when somebody scrapes, not when something happens.
final class Gauges implements DisposableBean {
    private static final Duration HEALTH_KEPT = Duration.ofMillis(500);

    private final JvmGcMetrics collections = new JvmGcMetrics();

    Gauges(MeterRegistry meters, EventLog log, LogStorage storage, List<RunningFollower> projections, Disk disk) {
        Gauge.builder("queue.depth", log, EventLog::waiting)
                .tag("lane", "writer")
                .register(meters);
        for (var head : log.heads()) {
            int partition = head.partition();
            Gauge.builder("log.head", log, known -> known.head(partition).number())
                    .tag("partition", Integer.toString(partition))
                    .register(meters);
        }
        var withParked = new Recent<>(() -> withParked(storage), HEALTH_KEPT, System::nanoTime);
        projections.forEach(host -> projection(meters, withParked, host));
        Gauge.builder("disk.free.bytes", disk, Disk::freeBytes).register(meters);
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ClassLoaderMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new FileDescriptorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
        collections.bindTo(meters);
    }

    /// One that never ran lags infinitely.
    private static void projection(MeterRegistry meters, Recent<List<Tenant>> withParked, RunningFollower host) {
        Gauge.builder(
                        "projection.parked",
                        () -> withParked.now().stream()
                                .mapToLong(host::parkedCount)
                                .sum())
                .tag("projection", host.name())
                .register(meters);
        var health = new Recent<>(host::health, HEALTH_KEPT, System::nanoTime);
        Gauge.builder("projection.lag.seconds", () -> health.now().lagSeconds().orElse(Double.POSITIVE_INFINITY))
                .tag("projection", host.name())
                .register(meters);
        Gauge.builder("projection.events.behind", () -> health.now().eventsBehind())
                .tag("projection", host.name())
                .register(meters);
        Gauge.builder("projection.advancing", () -> health.now().advancing() ? 1 : 0)
                .tag("projection", host.name())
                .register(meters);
    }

    static void breaker(MeterRegistry meters, Breaker breaker) {
        Gauge.builder("db.breaker.state", breaker, known -> known.state().ordinal())
                .tag("store", breaker.service())
                .register(meters);
        FunctionCounter.builder("db.breaker.refused", breaker, Breaker::refused)
                .tag("store", breaker.service())
                .register(meters);
    }

    /// The tenants of whom a stream waits.
    private static List<Tenant> withParked(LogStorage storage) {
        return storage.read(snapshot -> Stream.of(ParkedKeys.TABLE, ParkedKeys.OF_REACTIONS)
                .flatMap(table -> snapshot.tenants(table).stream())
                .distinct()
                .toList());
    }

    @Override
    public void destroy() {
        collections.close();
    }
}
