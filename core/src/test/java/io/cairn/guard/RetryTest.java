package io.cairn.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.StorageException;
import io.cairn.event.StorageException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryTest {
    private static final Retry.Settings THREE =
            new Retry.Settings(3, Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofSeconds(30));

    private final List<Duration> waits = new ArrayList<>();
    private long now;
    private int tried;

    @Test
    void theLastErrorIsToldAfterThreeRetry() {
        assertThatThrownBy(() -> retry(THREE).of(() -> fail(Kind.BUSY)))
                .hasMessage("failure 3")
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));

        assertThat(waits).containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(4));
    }

    @Test
    void waitsDoubleUpToTheLongest() {
        var many = new Retry.Settings(6, Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofMinutes(10));

        assertThatThrownBy(() -> retry(many).of(() -> fail(Kind.BUSY))).isInstanceOf(StorageException.class);

        assertThat(waits).extracting(Duration::toSeconds).containsExactly(2L, 4L, 8L, 10L, 10L);
    }

    @Test
    void whatPassesMeanwhileIsDone() {
        assertThat(retry(THREE).of(() -> tried++ == 0 ? thrown(Kind.BUSY) : "done"))
                .isEqualTo("done");
        assertThat(waits).hasSize(1);
    }

    @Test
    void onlyWhatCertainlyDidNotHappenAndPassesIsTriedAgain() {
        for (var kind : List.of(Kind.UNKNOWN, Kind.FULL, Kind.BROKEN)) {
            assertThatThrownBy(() -> retry(THREE).of(() -> fail(kind))).isInstanceOf(StorageException.class);
        }
        assertThat(waits).isEmpty();
    }

    @Test
    void nothingIsTriedAgainWhileTheStoreIsKnownToBeAway() {
        assertThatThrownBy(() -> retry(THREE).of(() -> {
                    throw StorageException.FAILURES.turnedAway("away", Duration.ofSeconds(40));
                }))
                .isInstanceOf(StorageException.class);
        assertThat(waits).isEmpty();
    }

    @Test
    void noAttemptBeginsWhenNobodyWouldWaitForItsEnd() {
        assertThatThrownBy(() -> retry(THREE).of(() -> {
                    now += Duration.ofSeconds(29).toNanos();
                    return fail(Kind.BUSY);
                }))
                .isInstanceOf(StorageException.class);
        assertThat(waits).isEmpty();
    }

    @Test
    void anInterruptEndsTheWait() {
        var interrupted = new Retry(
                StorageException.FAILURES,
                THREE,
                () -> now,
                time -> {
                    throw new InterruptedException();
                },
                () -> {});

        assertThatThrownBy(() -> interrupted.of(() -> fail(Kind.BUSY))).hasMessage("failure 1");
        assertThat(Thread.interrupted()).isTrue();
    }

    private Retry retry(Retry.Settings settings) {
        return new Retry(
                StorageException.FAILURES,
                settings,
                () -> now,
                time -> {
                    waits.add(time);
                    now += time.toNanos();
                },
                () -> {});
    }

    private String fail(Kind kind) {
        tried++;
        return thrown(kind);
    }

    private String thrown(Kind kind) {
        throw new StorageException(kind, "failure " + tried, new IllegalStateException());
    }
}
