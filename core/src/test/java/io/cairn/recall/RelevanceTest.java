package io.cairn.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class RelevanceTest {
    private static final Relevance RELEVANCE = new Relevance(10, 5, 20, 5, .4);

    @Test
    void eachCurveIsAtAHalfWhereItsOffsetSays() {
        assertThat(RELEVANCE.meant(.5)).isEqualTo(.5);
        assertThat(RELEVANCE.worded(.25)).isEqualTo(.5);
    }

    @Test
    void relevanceGrowsFromNoneToOne() {
        assertThat(RELEVANCE.meant(0)).isBetween(0.0, .01);
        assertThat(RELEVANCE.meant(.6)).isGreaterThan(RELEVANCE.meant(.5));
        assertThat(RELEVANCE.meant(3)).isBetween(.99, 1.0);
    }

    @Test
    void curvesThatFallAndThresholdsBeyondOneAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Relevance(0, 5, 20, 5, .4));
        assertThatIllegalArgumentException().isThrownBy(() -> new Relevance(10, 5, 20, 5, 1.1));
    }
}
