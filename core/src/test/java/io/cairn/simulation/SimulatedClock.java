package io.cairn.simulation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// A node's clock: it goes faster or slower than the true time, and is set now and then.
final class SimulatedClock extends Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private long nanos;
    private final int percent;

    /// @param percent of the true time by which this clock goes
    SimulatedClock(int percent) {
        this.percent = percent;
    }

    void pass(Duration time) {
        var passed = time.multipliedBy(percent).dividedBy(100);
        now = now.plus(passed);
        nanos += passed.toNanos();
    }

    /// Somebody sets it.
    void jump(Duration by) {
        now = now.plus(by);
    }

    /// Time that never goes back, as the processor counts it.
    long nanos() {
        return nanos;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneOffset getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
