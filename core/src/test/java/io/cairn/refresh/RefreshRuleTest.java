package io.cairn.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RefreshRuleTest {
    private static final RefreshRule RULE = RefreshRule.defaults();

    @Test
    void judgedQuestionsDecideWhateverTheOverlap() {
        assertThat(RULE.refusal(judged(.80, .79))).isEmpty();
        assertThat(RULE.refusal(judged(.80, .95))).isEmpty();
        assertThat(RULE.refusal(judged(.80, .77)))
                .hasValueSatisfying(why -> assertThat(why).contains("0.770", "0.800", "40 judged questions"));
    }

    @Test
    void withoutJudgedQuestionsTheIndexesHaveToAgreeOnEnoughQueries() {
        assertThat(RULE.refusal(asked(20, .5))).isEmpty();
        assertThat(RULE.refusal(asked(200, .49)))
                .hasValueSatisfying(why -> assertThat(why).contains("0.49", "0.50 is the least"));
        assertThat(RULE.refusal(asked(19, 1)))
                .hasValueSatisfying(why -> assertThat(why).contains("19 of at least 20 queries"));
    }

    @Test
    void aSlowIndexIsRefusedOnlyIfItIsSlowerBothByTimesAndByMilliseconds() {
        assertThat(RULE.refusal(timed(10, 210))).isEmpty();
        assertThat(RULE.refusal(timed(300, 600))).isEmpty();
        assertThat(RULE.refusal(timed(10, 211)))
                .hasValueSatisfying(why -> assertThat(why).contains("211 ms", "10 ms"));
        assertThat(RULE.refusal(timed(300, 601))).isPresent();
    }

    @Test
    void aRuleThatCannotBeIsRefused() {
        assertThatThrownBy(() -> new RefreshRule(20, 1.1, .02, 2, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RefreshRule(20, .5, .02, .5, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Comparison judged(double before, double after) {
        return new Comparison(0, 0, 40, before, after, Duration.ofMillis(10), Duration.ofMillis(10));
    }

    private static Comparison asked(int queries, double overlap) {
        return new Comparison(queries, overlap, 0, 0, 0, Duration.ofMillis(10), Duration.ofMillis(10));
    }

    private static Comparison timed(long before, long after) {
        return new Comparison(20, 1, 0, 0, 0, Duration.ofMillis(before), Duration.ofMillis(after));
    }
}
