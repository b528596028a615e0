package io.cairn.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class SettableClockTest {
    private static final Instant NEW_YEAR = Instant.parse("2026-01-01T00:00:00Z");

    private final SettableClock clock = SettableClock.at(NEW_YEAR);

    @Test
    void itStandsStillUntilItIsMoved() {
        assertThat(clock.instant()).isEqualTo(NEW_YEAR).isEqualTo(clock.instant());

        clock.pass(Duration.ofHours(2));

        assertThat(clock.instant()).isEqualTo("2026-01-01T02:00:00Z");
    }

    @Test
    void itCanBeSetBack() {
        clock.set(NEW_YEAR.minusSeconds(1));

        assertThat(clock.instant()).isBefore(NEW_YEAR);
    }

    @Test
    void aClockOfAnotherZoneMovesWithIt() {
        var vienna = clock.withZone(ZoneId.of("Europe/Vienna"));

        clock.pass(Duration.ofMinutes(1));

        assertThat(vienna.instant()).isEqualTo(clock.instant());
        assertThat(vienna.getZone()).isEqualTo(ZoneId.of("Europe/Vienna"));
    }
}
