package io.cairn.client.wire;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A schedule as it is put: a cron expression of five or six fields, the zone whose clocks it is about (UTC when
/// absent), and the task that it enqueues each time. `catch_up` is `skip`, `once` (when absent) or `all`.
public record NewSchedule(
        String cron,
        @Nullable String zone,
        @Nullable String catchUp,
        String type,
        @Nullable JsonNode payload,
        @Nullable String key,
        @Nullable String subject) {
    public static NewSchedule of(String cron, String type, JsonNode payload) {
        return new NewSchedule(cron, null, null, type, payload, null, null);
    }
}
