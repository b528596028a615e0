package io.cairn.adapter.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cairn.guard.Breaker;
import io.cairn.guard.Deadline;
import io.cairn.guard.Retry;
import io.cairn.model.Charge;
import io.cairn.model.EmbeddingException;
import io.cairn.model.EmbeddingMeter;
import io.cairn.model.Embeddings;
import io.cairn.model.ModelException;
import io.cairn.model.ModelException.Kind;
import io.cairn.model.ModelFailures;
import io.cairn.model.Payer;
import io.cairn.model.ProviderGuard;
import io.cairn.model.Spending;
import io.cairn.model.Usage;
import io.cairn.model.VectorStore;
import io.cairn.tenant.Tenant;
import io.cairn.testkit.ModelReply;
import io.cairn.testkit.ModelServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Between who wants a vector and a provider stands one guard, which learns of all that becomes of a call.
@Timeout(30)
class GuardedEmbeddingsTest {
    private static final Payer PAYER = Payer.cairn(new Tenant("acme"));

    private final ModelServer server = ModelServer.start();
    private final ModelFailures failures = new ModelFailures("scripted");
    private final Breaker breaker = new Breaker(
            "provider 'scripted'", failures, new Breaker.Settings(5, Duration.ofSeconds(60)), System::nanoTime);
    private final List<Usage> settled = new CopyOnWriteArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final ProviderHttp http = new ProviderHttp(
            new Provider("scripted", server.url().resolve("/v1"), ProviderKey.none(), Provider.Auth.BEARER, Map.of()),
            Instant::now);

    @AfterEach
    void close() {
        http.close();
        server.close();
    }

    private final class Booked implements Spending {
        @Override
        public Charge reserve(Payer payer, String model, Usage most) {
            open.incrementAndGet();
            return new Charge() {
                private boolean over;

                @Override
                public void settle(Usage used) {
                    if (!over) {
                        settled.add(used);
                    }
                    release();
                }

                @Override
                public void release() {
                    if (!over) {
                        over = true;
                        open.decrementAndGet();
                    }
                }
            };
        }

        @Override
        public void saved(Payer payer, String model, long texts, long tokens) {}
    }

    private ProviderGuard guard(int places) {
        return new ProviderGuard("scripted", breaker, Retry.none(failures), places);
    }

    private Embeddings embeddings(ProviderGuard guard, Duration queryTimeout, Duration passagesTimeout) {
        var model = new RemoteEmbeddings(
                http,
                guard,
                new RemoteEmbeddingSettings(
                        "small",
                        "small",
                        "/embeddings",
                        8,
                        false,
                        false,
                        "",
                        "",
                        Set.of(),
                        96,
                        100_000,
                        Duration.ofSeconds(60),
                        queryTimeout,
                        passagesTimeout),
                used -> {});
        return new Embeddings(
                model,
                Optional.empty(),
                VectorStore.inMemory(),
                tenant -> new byte[32],
                EmbeddingMeter.none(),
                new Embeddings.Settings(queryTimeout, passagesTimeout, 64, 4, 1 << 20),
                Optional.empty(),
                new Booked());
    }

    private static Kind kind(Throwable failure) {
        assertThat(failure).isInstanceOf(EmbeddingException.class).hasCauseInstanceOf(ModelException.class);
        return Objects.requireNonNull((ModelException) failure.getCause()).kind();
    }

    @Test
    void theBreakerLearnsOfQueriesThatTheProviderDoesNotAnswerInTime() {
        server.otherwise(ModelReply.never());
        var embeddings = embeddings(guard(50), Duration.ofMillis(100), Duration.ofSeconds(20));
        for (int i = 0; i < 5; i++) {
            var query = "query " + i;
            assertThatThrownBy(() -> embeddings.query(PAYER, query))
                    .satisfies(e -> assertThat(kind(e)).isEqualTo(Kind.SILENT));
        }

        assertThat(breaker.state()).isEqualTo(Breaker.State.OPEN);
        assertThatThrownBy(() -> embeddings.query(PAYER, "one more"))
                .satisfies(e -> assertThat(kind(e)).isEqualTo(Kind.TURNED_AWAY));
        assertThat(settled).hasSize(5).allMatch(Usage::estimated);
        assertThat(open).hasValue(0);
    }

    @Test
    void anOpenBreakerAnswersAtOnceAlsoWhileBatchesWaitForTheProvider() throws Exception {
        server.otherwise(ModelReply.never());
        var embeddings = embeddings(guard(50), Duration.ofSeconds(20), Duration.ofSeconds(20));
        var waiting = List.of("a", "b", "c", "d").stream()
                .map(text -> Thread.ofPlatform()
                        .start(() -> assertThatThrownBy(() -> embeddings.passages(PAYER, List.of(text)))
                                .isInstanceOf(EmbeddingException.class)))
                .toList();
        await().until(() -> server.requests().size() == 4);
        for (int i = 0; i < 5; i++) {
            breaker.enter().failed();
        }

        long began = System.nanoTime();
        assertThatThrownBy(() -> embeddings.passages(PAYER, List.of("e")))
                .satisfies(e -> assertThat(kind(e)).isEqualTo(Kind.TURNED_AWAY));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));

        for (var caller : waiting) {
            caller.interrupt();
            caller.join();
        }
    }

    @Test
    void allRequestsOfOneCallTogetherKeepToItsTime() {
        server.otherwise(ModelReply.status(413, "{}").after(Duration.ofMillis(150)));
        var embeddings = embeddings(guard(50), Duration.ofSeconds(20), Duration.ofMillis(400));

        assertThatThrownBy(() -> embeddings.passages(PAYER, List.of("a text that is divided again and again")))
                .satisfies(e -> assertThat(kind(e)).isEqualTo(Kind.SILENT));

        assertThat(server.requests()).hasSizeLessThan(5);
    }

    @Test
    void whoIsInterruptedWhileTheyWaitForAPlacePayNothing() throws Exception {
        var guard = guard(1);
        var embeddings = embeddings(guard, Duration.ofSeconds(20), Duration.ofSeconds(20));
        try (var taken = guard.enter(Deadline.in(Duration.ofMinutes(1)))) {
            assertThat(interrupted(() -> embeddings.passages(PAYER, List.of("a text")), () -> true))
                    .isEqualTo(Kind.TURNED_AWAY);
            assertThat(interrupted(() -> embeddings.query(PAYER, "a query"), () -> true))
                    .isEqualTo(Kind.TURNED_AWAY);
            taken.succeeded();
        }

        assertThat(settled).isEmpty();
        assertThat(open).hasValue(0);
        assertThat(guard.underWay()).isZero();
        assertThat(embeddings.passages(PAYER, List.of("a text"))).hasSize(1);
    }

    @Test
    void whoIsInterruptedWhileTheProviderWorksPayAnEstimate() throws Exception {
        server.then(ModelReply.never());
        var guard = guard(1);
        var embeddings = embeddings(guard, Duration.ofSeconds(20), Duration.ofSeconds(20));

        assertThat(interrupted(
                        () -> embeddings.passages(PAYER, List.of("a text")),
                        () -> !server.requests().isEmpty()))
                .isEqualTo(Kind.GIVEN_UP);

        assertThat(settled)
                .singleElement()
                .satisfies(used -> assertThat(used.estimated()).isTrue());
        assertThat(open).hasValue(0);
        assertThat(guard.underWay()).isZero();
    }

    /// Interrupts the work once it waits.
    private static Kind interrupted(Runnable work, BooleanSupplier begun) throws InterruptedException {
        var failure = new AtomicReference<Throwable>();
        var caller = Thread.ofPlatform()
                .uncaughtExceptionHandler((thread, why) -> failure.set(why))
                .start(work);
        await().until(() -> caller.getState() == Thread.State.TIMED_WAITING && begun.getAsBoolean());
        caller.interrupt();
        caller.join();
        return kind(failure.get());
    }
}
