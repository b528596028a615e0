package io.cairn.server.ops;

import io.cairn.event.EventLog;
import io.cairn.guard.Breaker;
import io.cairn.task.TaskCounts;
import io.cairn.task.TaskEngine;
import io.cairn.task.TaskTypes;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// How many tasks there are, counted when somebody scrapes.
final class TaskGauges {
    private static final long COUNTED_EVERY = Duration.ofSeconds(5).toNanos();

    private final EventLog log;
    private final LongSupplier nanos;
    private @Nullable TaskCounts counts;
    private long countedAt;

    TaskGauges(MeterRegistry meters, EventLog log, TaskTypes types, TaskEngine engine, LongSupplier nanos) {
        this.log = log;
        this.nanos = nanos;
        types.lanes()
                .forEach(lane -> Gauge.builder(
                                "queue.depth", this, gauges -> gauges.counts().depth(lane.name()))
                        .tag("lane", lane.name())
                        .register(meters));
        types.all().forEach(type -> {
            Gauge.builder("dlq.pending", this, gauges -> gauges.counts().dead().getOrDefault(type.name(), 0L))
                    .tag("type", type.name())
                    .register(meters);
            var breaker = type.breaker();
            if (breaker != null) {
                Gauge.builder("task.breaker.state", breaker, TaskGauges::state)
                        .tag("type", type.name())
                        .register(meters);
            }
        });
        Gauge.builder("tasks.running", engine, known -> known.running().size()).register(meters);
        FunctionCounter.builder("tasks.zombies", engine, TaskEngine::zombies).register(meters);
    }

    private static int state(Breaker breaker) {
        return switch (breaker.state()) {
            case CLOSED -> 0;
            case HALF_OPEN -> 1;
            case OPEN -> 2;
        };
    }

    private synchronized TaskCounts counts() {
        var known = counts;
        long now = nanos.getAsLong();
        if (known == null || now - countedAt > COUNTED_EVERY) {
            known = TaskCounts.of(log);
            counts = known;
            countedAt = now;
        }
        return known;
    }
}
