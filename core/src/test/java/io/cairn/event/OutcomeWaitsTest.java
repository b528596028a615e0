package io.cairn.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class OutcomeWaitsTest {
    private final OutcomeWaits waits = new OutcomeWaits(Duration.ofSeconds(60));
    private final CompletableFuture<Appended> outcome = new CompletableFuture<>();

    @Test
    void whoHasWaitedTooLongIsToldThatTheOutcomeIsUnknown() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = threads.submit(() -> waits.await(outcome));
            awaitWaiting();

            waits.step(System.nanoTime());
            assertThat(waiting.isDone()).isFalse();

            waits.step(System.nanoTime() + Duration.ofSeconds(61).toNanos());
            assertThatThrownBy(waiting::get)
                    .hasRootCauseInstanceOf(java.util.concurrent.TimeoutException.class)
                    .hasStackTraceContaining("has not answered within 60 s; ask again with the same event ids")
                    .extracting(OutcomeWaitsTest::kind)
                    .isEqualTo(StorageException.Kind.UNKNOWN);
            assertThat(waits.waiting()).isZero();
        }
    }

    @Test
    void anOutcomeInTimeIsHandedOn() throws Exception {
        var written = new Appended.Written(new Position("e", 0, 1), Map.of());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Appended> waiting = threads.submit(() -> waits.await(outcome));
            awaitWaiting();

            outcome.complete(written);

            assertThat(waiting.get()).isEqualTo(written);
            assertThat(waits.waiting()).isZero();
        }
    }

    private void awaitWaiting() {
        Awaitility.await().until(() -> waits.waiting() == 1);
    }

    private static StorageException.Kind kind(Throwable failure) {
        var cause = failure;
        while (cause instanceof ExecutionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return ((StorageException) cause).kind();
    }
}
