package io.cairn.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleTest {
    @Test
    void theIntervalOfEqualValuesIsThatValue() {
        assertThat(new Sample(new double[] {.5, .5, .5}).interval()).isEqualTo(new Sample.Interval(.5, .5));
    }

    @Test
    void theIntervalHoldsTheMeanAndIsTheSameEveryTime() {
        var coins = Sample.of(IntStream.range(0, 400), i -> i % 4 == 0 ? 1 : 0);

        var interval = coins.interval();

        assertThat(interval).isEqualTo(coins.interval());
        // The standard error of 400 such draws is .0217.
        assertThat(interval.low()).isBetween(.20, .22);
        assertThat(interval.high()).isBetween(.28, .30);
    }

    @Test
    void quantilesAreValuesOfTheSample() {
        var sample = new Sample(new double[] {5, 1, 4, 2, 3});

        assertThat(sample.median()).isEqualTo(3);
        assertThat(sample.quantile(.95)).isEqualTo(5);
        assertThat(sample.quantile(0)).isEqualTo(1);
    }
}
