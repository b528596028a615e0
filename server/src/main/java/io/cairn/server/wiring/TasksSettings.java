package io.cairn.server.wiring;

import io.cairn.bus.WebhookSettings;
import io.cairn.saga.SagaTasks;
import io.cairn.task.Lane;
import io.cairn.task.TaskSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// Durable tasks.
///
/// @param lanes by name, besides `default` and `hooks`, which are parallel, and `model` and `webhooks`, which are
///     sequential
/// @param keepEnded how long a task that has ended is kept to be looked at
/// @param pollEvery how late a node may notice what another one has enqueued
/// @param maxPayload of one task
/// @param grace how long running tasks are waited for when the server stops
/// @param jars with handlers of the user's own
public record TasksSettings(
        @DefaultValue Map<String, LaneSettings> lanes,
        @DefaultValue("24h") Duration keepEnded,
        @DefaultValue("100ms") Duration pollEvery,
        @DefaultValue("256KB") DataSize maxPayload,
        @DefaultValue("10s") Duration grace,
        @DefaultValue List<Path> jars) {
    static final String DEFAULT_LANE = "default";
    static final String HOOKS_LANE = "hooks";
    private static final String MODEL_LANE = "model";

    public TasksSettings {
        lanes = Map.copyOf(lanes);
        jars = List.copyOf(jars);
        lanes(lanes);
        if (grace.isNegative()) {
            throw new IllegalArgumentException("cairn.tasks.grace is no negative time; found " + grace);
        }
    }

    /// A lane.
    ///
    /// @param order `parallel`, `sequential_hold` or `sequential_pass`
    /// @param bound how many of its tasks run at a time on each node
    public record LaneSettings(
            @DefaultValue("parallel") Lane.Order order,
            @DefaultValue("16") int bound) {}

    TaskSettings settings() {
        return new TaskSettings(keepEnded, pollEvery, Math.toIntExact(maxPayload.toBytes()));
    }

    List<Lane> allLanes() {
        return lanes(lanes);
    }

    private static List<Lane> lanes(Map<String, LaneSettings> settings) {
        var all = new LinkedHashMap<String, Lane>();
        all.put(DEFAULT_LANE, Lane.parallel(DEFAULT_LANE, 16));
        all.put(MODEL_LANE, Lane.sequential(MODEL_LANE, 4));
        all.put(WebhookSettings.LANE, new Lane(WebhookSettings.LANE, Lane.Order.SEQUENTIAL_PASS, 128));
        all.put(HOOKS_LANE, Lane.parallel(HOOKS_LANE, 16));
        all.put(SagaTasks.LANE, SagaTasks.lane(16));
        settings.forEach((name, lane) -> {
            try {
                all.put(name, new Lane(name.toLowerCase(Locale.ROOT), lane.order(), lane.bound()));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("cairn.tasks.lanes.%s: %s".formatted(name, e.getMessage()), e);
            }
        });
        return List.copyOf(all.values());
    }
}
