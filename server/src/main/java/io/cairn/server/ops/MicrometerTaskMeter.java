package io.cairn.server.ops;

import io.cairn.task.TaskMeter;
import io.cairn.task.TaskTypes;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/// How long tasks wait and take.
public final class MicrometerTaskMeter implements TaskMeter {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2),
        Duration.ofSeconds(10),
        Duration.ofMinutes(1)
    };

    private final MeterRegistry meters;

    /// What has not happened yet is there too, so that a scrape always names the same.
    public MicrometerTaskMeter(MeterRegistry meters, TaskTypes types) {
        this.meters = meters;
        types.lanes().forEach(lane -> waited(lane.name()));
        types.all().forEach(type -> duration(type.name(), "done"));
    }

    @Override
    public void started(String type, String lane, Duration waited) {
        waited(lane).record(waited);
    }

    @Override
    public void ended(String type, String lane, String outcome, Duration took) {
        duration(type, outcome).record(took);
    }

    private Timer waited(String lane) {
        return Timer.builder("task.wait")
                .tag("lane", lane)
                .serviceLevelObjectives(BUCKETS)
                .register(meters);
    }

    private Timer duration(String type, String outcome) {
        return Timer.builder("task.duration")
                .tag("type", type)
                .tag("outcome", outcome)
                .serviceLevelObjectives(BUCKETS)
                .register(meters);
    }
}
