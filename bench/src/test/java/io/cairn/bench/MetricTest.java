package io.cairn.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MetricTest {
    private static final Map<String, Integer> TWO = Map.of("a", 1, "b", 1);

    @Test
    void anEmptyRankingIsWorthNothing() {
        for (var metric : Metric.values()) {
            assertThat(metric.of(List.of(), TWO)).isZero();
        }
    }

    @Test
    void allAnswersAtTheTopAreWorthEverything() {
        for (var metric : Metric.values()) {
            assertThat(metric.of(List.of("b", "a", "x"), TWO)).isEqualTo(1);
        }
    }

    @Test
    void anAnswerAtRankElevenDoesNotCount() {
        var ranked =
                IntStream.range(0, 11).mapToObj(i -> i == 10 ? "a" : "x" + i).toList();

        for (var metric : Metric.values()) {
            assertThat(metric.of(ranked, TWO)).isZero();
        }
    }

    @Test
    void aLateAnswerIsWorthLess() {
        var ranked = List.of("x", "a", "y");

        assertThat(Metric.RECALL_AT_10.of(ranked, TWO)).isEqualTo(.5);
        assertThat(Metric.MRR_AT_10.of(ranked, TWO)).isEqualTo(.5);
        assertThat(Metric.NDCG_AT_10.of(ranked, TWO)).isCloseTo(.6309 / 1.6309, within(.0001));
    }

    @Test
    void higherGradesWeighMore() {
        var graded = Map.of("a", 3, "b", 1);

        assertThat(Metric.NDCG_AT_10.of(List.of("b", "a"), graded))
                .isCloseTo((1 + 3 * .6309) / (3 + .6309), within(.0001));
    }
}
