package io.cairn.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.tenant.Tenant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextSampleTest {
    private static final Tenant ACME = new Tenant("acme");

    private final TextSample sample = new TextSample(100, new Random(11));

    @Test
    void aTextThatComesAgainCountsOnceButForEachTenant() {
        for (int i = 0; i < 3; i++) {
            sample.add(ACME, "The ferry leaves at noon.");
            sample.add(Tenant.DEFAULT, "The ferry leaves at noon.");
        }
        assertThat(sample.texts()).isEqualTo(2);
        assertThat(sample.characters()).isEqualTo(50);
    }

    @Test
    void whatIsKeptIsLikeTheWhole() {
        for (int i = 0; i < 100_000; i++) {
            sample.add(ACME, "%d %s".formatted(i, "plum ".repeat(i * 20 / 100_000)));
        }
        assertThat((double) sample.texts()).isBetween(99_800.0, 100_000.0);
        double mean = (double) sample.characters() / sample.texts();
        assertThat((double) sample.charactersKept() / sample.size()).isBetween(.85 * mean, 1.15 * mean);
    }

    @Test
    void ofFewTextsAllAreKept() {
        sample.add(ACME, "one");
        sample.add(ACME, "seven");
        assertThat(sample.size()).isEqualTo(2);
        assertThat(sample.charactersKept()).isEqualTo(sample.characters()).isEqualTo(8);
    }
}
