package io.cairn.client.wire;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A schedule as it stands: when it fires next, when it last did, and which task it enqueued then.
public record Schedule(
        String name,
        String cron,
        String zone,
        String catchUp,
        String type,
        @Nullable String key,
        boolean paused,
        @Nullable Instant next,
        @Nullable Instant last,
        @Nullable String lastTask,
        long fired,
        long skipped) {}
