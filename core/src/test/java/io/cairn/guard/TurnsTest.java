package io.cairn.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TurnsTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Turns<String> turns = new Turns<>(1000);

    @Test
    void turnsOfOneKeyNeverOverlapAndComeInOrder() throws InterruptedException {
        var order = Collections.synchronizedList(new ArrayList<Integer>());
        var first = turns.take("a", LONG).orElseThrow();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 10; i++) {
            int number = i;
            var thread = Thread.ofPlatform().start(() -> inTurn("a", () -> order.add(number)));
            threads.add(thread);
            await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        }
        assertThat(order).isEmpty();
        first.close();
        for (var thread : threads) {
            thread.join();
        }

        assertThat(order).isEqualTo(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
        assertThat(turns.keys()).isZero();
    }

    @Test
    void manyKeysGoOnAtOnceEachByItself() {
        var under = new ConcurrentHashMap<String, AtomicInteger>();
        var overlaps = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 5_000; i++) {
                var key = "key-" + ThreadLocalRandom.current().nextInt(20);
                threads.execute(() -> inTurn(key, () -> {
                    var now = under.computeIfAbsent(key, absent -> new AtomicInteger());
                    if (now.incrementAndGet() > 1) {
                        overlaps.incrementAndGet();
                    }
                    Thread.yield();
                    now.decrementAndGet();
                }));
            }
        }

        assertThat(overlaps).hasValue(0);
        assertThat(turns.keys()).isZero();
    }

    @Test
    void whoWaitsTooLongOrComesToALongLineGetsNone() throws InterruptedException {
        var few = new Turns<String>(1);
        var first = few.take("a", LONG).orElseThrow();
        assertThat(few.take("a", Duration.ofMillis(1))).isEmpty();
        var waiting = Thread.ofPlatform().start(() -> inTurn(few, "a", () -> {}));
        await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
        assertThat(few.take("a", LONG)).isEmpty();
        assertThat(few.take("b", LONG)).isPresent();
        first.close();
        first.close();
        waiting.join();

        assertThat(few.take("a", LONG)).isPresent();
    }

    @Test
    void whoIsInterruptedLeavesTheLine() throws InterruptedException {
        var first = turns.take("a", LONG).orElseThrow();
        var interrupted = new AtomicInteger();
        var waiting = Thread.ofPlatform().start(() -> {
            try {
                turns.take("a", LONG);
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
            }
        });
        await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
        waiting.interrupt();
        waiting.join();
        first.close();

        assertThat(interrupted).hasValue(1);
        assertThat(turns.keys()).isZero();
    }

    private void inTurn(String key, Runnable work) {
        inTurn(turns, key, work);
    }

    private static void inTurn(Turns<String> turns, String key, Runnable work) {
        try (var turn = turns.take(key, LONG).orElseThrow()) {
            work.run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
