package io.cairn.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class BatchProgressTest {
    private static final Instant BEGAN = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void aLineNamesBatchAmountSuccessAndTime() {
        var progress = new BatchProgress("import", Clock.fixed(BEGAN, ZoneOffset.UTC));
        progress.batch(1000, 0, 4000);
        progress.batch(1000, 20, 3000);

        assertThat(progress.line(3000, BEGAN.plusMillis(1234)))
                .isEqualTo("import: batch 2, 2000 of 5000 items, 99 % of them well, after 1234 ms");
    }

    @Test
    void aTotalThatIsNotKnownIsWhatWasDoneSoFar() {
        var progress = new BatchProgress("import", Clock.fixed(BEGAN, ZoneOffset.UTC));
        progress.batch(10, 0, 0);

        assertThat(progress.line(0, BEGAN)).contains("10 of 10 items");
    }
}
