package io.cairn.task;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// A clock that moves when it is told to, and may jump; its nanoseconds only go forward.
public final class SettableClock extends Clock {
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private long nanos = 1;

    public void pass(Duration time) {
        now = now.plus(time);
        nanos += time.toNanos();
    }

    public void jump(Duration time) {
        now = now.plus(time);
    }

    public long nanos() {
        return nanos;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("This clock has one zone");
    }
}
