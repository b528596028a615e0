package io.cairn.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LooksTest {
    private static final Duration EVERY = Duration.ofMillis(100);

    /// Nodes that ask the store in step ask it all at once, and then none.
    @Test
    void nodesThatBeganTogetherDoNotPollInStepAndNoneIsLate() {
        var one = polls(new Random(1));
        var other = polls(new Random(2));

        assertThat(one.subList(1, one.size())).doesNotContainAnyElementsOf(other.subList(1, 5));
        for (int i = 1; i < one.size(); i++) {
            assertThat(one.get(i) - one.get(i - 1)).isBetween(50L, 101L);
        }
        assertThat(one.stream().distinct().count()).isGreaterThan(20);
    }

    /// When it polls, in milliseconds.
    private static List<Long> polls(Random random) {
        var clock = new SettableClock();
        var looks = new Looks(clock::nanos, EVERY, random);
        var polls = new ArrayList<Long>();
        for (long millis = 0; millis < 3_000; millis++) {
            if (looks.next().timers()) {
                polls.add(millis);
            }
            clock.pass(Duration.ofMillis(1));
        }
        return polls;
    }
}
