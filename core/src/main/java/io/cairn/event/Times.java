package io.cairn.event;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Instants as the log keeps them: whole microseconds since 1970.
public final class Times {
    private Times() {}

    public static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    public static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
