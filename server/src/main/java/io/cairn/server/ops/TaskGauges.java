package io.cairn.server.ops;

import io.cairn.event.EventLog;
import io.cairn.guard.Breaker;
import io.cairn.task.TaskCounts;
import io.cairn.task.TaskEngine;
import io.cairn.task.TaskTypes;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.function.LongSupplier;

/// How many tasks there are and how long they wait, counted when somebody scrapes.
final class TaskGauges {
    private static final double NANOS = 1e9;

    TaskGauges(
            MeterRegistry meters, EventLog log, TaskTypes types, TaskEngine engine, LongSupplier nanos, Clock clock) {
        var counts = Recent.counted(log, "tasks", () -> TaskCounts.of(log, clock.instant()), nanos);
        types.lanes().forEach(lane -> {
            Gauge.builder("queue.depth", () -> counts.now().depth(lane.name()))
                    .tag("lane", lane.name())
                    .register(meters);
            Gauge.builder(
                            "queue.oldest.seconds",
                            () -> counts.now()
                                            .waited(lane.name(), clock.instant())
                                            .toNanos()
                                    / NANOS)
                    .tag("lane", lane.name())
                    .register(meters);
        });
        types.all().forEach(type -> {
            Gauge.builder("dlq.pending", () -> counts.now().dead().getOrDefault(type.name(), 0L))
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
        Gauge.builder("tasks.stuck", engine, TaskEngine::stuck).register(meters);
        FunctionCounter.builder("tasks.zombies", engine, TaskEngine::zombies).register(meters);
    }

    private static int state(Breaker breaker) {
        return switch (breaker.state()) {
            case CLOSED -> 0;
            case HALF_OPEN -> 1;
            case OPEN -> 2;
        };
    }
}
