package io.cairn.event;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Instants as the log keeps them: whole microseconds since 1970.
public final class Times {
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private Times() {}

    /// The instant as the log will keep it.
    ///
    /// @throws IllegalArgumentException if it is not within the years 1 to 9999
    public static Instant checked(String what, Instant instant) {
        if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
            throw new IllegalArgumentException(
                    "'%s' lies within the years 1 to 9999; found %s".formatted(what, instant));
        }
        return instant.truncatedTo(ChronoUnit.MICROS);
    }

    public static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    public static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
