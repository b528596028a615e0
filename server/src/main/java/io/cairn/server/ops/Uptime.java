package io.cairn.server.ops;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// How long this server has been running.
public final class Uptime {
    private final Clock clock;
    private final Instant started;

    public Uptime(Clock clock) {
        this.clock = clock;
        this.started = clock.instant();
    }

    public long millis() {
        return Duration.between(started, clock.instant()).toMillis();
    }
}
