package io.cairn.client.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Where a projection stands against the head of the log.
///
/// One that never ran says so: `lag_seconds` null, `events_behind` -1, `stale` true.
public record ProjectionStatus(
        String name,
        @Nullable String position,
        long eventsBehind,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Double lagSeconds,
        boolean stale,
        @Nullable Boolean advancing,
        @Nullable ProjectionState state,
        @Nullable Integer generation,
        @Nullable Long parked,
        @Nullable Instant lastEventAt,
        @Nullable RebuildProgress rebuild) {}
