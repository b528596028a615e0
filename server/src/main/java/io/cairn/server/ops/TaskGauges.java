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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// How many tasks there are and how long they wait, counted when somebody scrapes.
///
/// What is configured is there from the start. Lanes and types of which tasks are left, though this
/// program has them no more, are shown once they are counted; the log is told of such lanes, where
/// nothing starts.
final class TaskGauges implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(TaskGauges.class);
    private static final double NANOS = 1e9;

    private final MeterRegistry meters;
    private final Clock clock;
    private final Recent<TaskCounts> counts;
    private final Set<String> shownLanes = ConcurrentHashMap.newKeySet();
    private final Set<String> shownTypes = ConcurrentHashMap.newKeySet();
    private volatile boolean running;

    TaskGauges(
            MeterRegistry meters, EventLog log, TaskTypes types, TaskEngine engine, LongSupplier nanos, Clock clock) {
        this.meters = meters;
        this.clock = clock;
        this.counts = Recent.counted(log, "tasks", () -> shown(TaskCounts.of(log, clock.instant())), nanos);
        types.lanes().forEach(lane -> showLane(lane.name()));
        types.all().forEach(type -> {
            showType(type.name());
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

    private TaskCounts shown(TaskCounts counted) {
        for (var lane : counted.lanes()) {
            if (showLane(lane)) {
                LOG.warn(
                        "Lane '{}' has {} tasks and is not configured, so this node starts none of them; configure"
                                + " cairn.tasks.lanes.{}, or cancel them",
                        lane,
                        counted.depth(lane),
                        lane);
            }
        }
        counted.dead().keySet().forEach(this::showType);
        return counted;
    }

    /// Whether it was not shown before.
    private boolean showLane(String lane) {
        boolean added = shownLanes.add(lane);
        if (added) {
            Gauge.builder("queue.depth", () -> counts.now().depth(lane))
                    .tag("lane", lane)
                    .register(meters);
            Gauge.builder(
                            "queue.oldest.seconds",
                            () -> counts.now().waited(lane, clock.instant()).toNanos() / NANOS)
                    .tag("lane", lane)
                    .register(meters);
        }
        return added;
    }

    private void showType(String type) {
        if (shownTypes.add(type)) {
            Gauge.builder("dlq.pending", () -> counts.now().dead().getOrDefault(type, 0L))
                    .tag("type", type)
                    .register(meters);
        }
    }

    /// Counts once, so that the log tells of what is left also where nobody scrapes; in a thread of its
    /// own, since there may be many.
    @Override
    public void start() {
        running = true;
        Thread.ofPlatform().name("cairn-first-count").daemon(true).start(() -> {
            try {
                counts.now();
            } catch (RuntimeException e) {
                LOG.warn("The tasks could not be counted at the start: {}", e.getMessage());
                LOG.debug("It failed here", e);
            }
        });
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private static int state(Breaker breaker) {
        return switch (breaker.state()) {
            case CLOSED -> 0;
            case HALF_OPEN -> 1;
            case OPEN -> 2;
        };
    }
}
