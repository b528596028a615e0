package io.cairn.server.ops;

import io.cairn.task.TaskMeter;
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

    public MicrometerTaskMeter(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public void started(String type, String lane, Duration waited) {
        Timer.builder("task.wait")
                .tag("lane", lane)
                .serviceLevelObjectives(BUCKETS)
                .register(meters)
                .record(waited);
    }

    @Override
    public void ended(String type, String lane, String outcome, Duration took) {
        Timer.builder("task.duration")
                .tag("type", type)
                .tag("outcome", outcome)
                .serviceLevelObjectives(BUCKETS)
                .register(meters)
                .record(took);
    }
}
