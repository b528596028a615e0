package io.cairn.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LoopTest {
    private final CountDownLatch seen = new CountDownLatch(1);

    @Test
    void aTurnThatFailsIsTakenAgainAndToldHowManyFailedInARow() throws InterruptedException {
        var failures = new ArrayList<Integer>();
        var turns = new AtomicInteger();
        var turn = new Loop.Turn() {
            @Override
            public Duration take() {
                int taken = turns.incrementAndGet();
                if (taken != 3 && taken < 6) {
                    throw new IllegalStateException("turn " + taken);
                }
                if (taken == 6) {
                    seen.countDown();
                }
                return taken < 6 ? Duration.ZERO : Duration.ofHours(1);
            }

            @Override
            public Duration failed(RuntimeException failure, int inARow) {
                failures.add(inARow);
                return Duration.ZERO;
            }
        };

        try (var loop = Loop.start("turns", turn)) {
            seen.await();
        }

        assertThat(failures).isEqualTo(List.of(1, 2, 1, 2));
        assertThat(turns).hasValue(6);
    }

    @Test
    void closingEndsWhatATurnWaitsForAndThereIsNoOtherTurn() throws InterruptedException {
        var awake = new CountDownLatch(1);
        var turns = new AtomicInteger();
        var turn = new Loop.Turn() {
            @Override
            public Duration take() throws InterruptedException {
                turns.incrementAndGet();
                seen.countDown();
                awake.await();
                return Duration.ZERO;
            }

            @Override
            public Duration failed(RuntimeException failure, int inARow) {
                throw new AssertionError(failure);
            }

            @Override
            public void wake() {
                awake.countDown();
            }
        };

        try (var loop = Loop.start("turns", turn)) {
            seen.await();
        }

        assertThat(turns).hasValue(1);
    }

    @Test
    void pausesDoubleUpToTheLongest() {
        assertThat(List.of(1, 2, 3, 4, 100).stream()
                        .map(inARow -> Loop.backoff(Duration.ofMillis(100), Duration.ofMillis(500), inARow)
                                .toMillis())
                        .toList())
                .isEqualTo(List.of(100L, 200L, 400L, 500L, 500L));
    }
}
