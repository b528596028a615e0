package io.cairn.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cairn.model.EmbeddingMeter.Level;
import io.cairn.model.EmbeddingMeter.Status;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EmbeddingsTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final Tenant OTHER = new Tenant("other");

    private final Probe model = new Probe();
    private final Tally tally = new Tally();
    private final VectorStore store = VectorStore.inMemory();
    private final Embeddings embeddings = embeddings(settings(Duration.ofSeconds(10)));

    @Test
    void aModelThatNeverAnswersIsGivenUpAtTheLimitAndItsPermitComesBack() {
        var hurried = embeddings(settings(Duration.ofMillis(200)));
        model.before = texts -> {
            new CountDownLatch(1).await();
            return texts;
        };
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> hurried.passages(ACME, List.of("slow")))
                    .isInstanceOfSatisfying(
                            EmbeddingException.class,
                            e -> assertThat(e.timedOut()).isTrue())
                    .hasMessageContaining("'probe'")
                    .hasMessageContaining("1 passages");
        }
        assertThatThrownBy(() -> hurried.query(ACME, "slow")).hasMessageContaining("a query of 4 characters");

        model.before = texts -> texts;
        assertThat(hurried.passages(ACME, List.of("slow"))).hasSize(1);
        assertThat(tally.calls)
                .containsExactly(Status.TIMED_OUT, Status.TIMED_OUT, Status.TIMED_OUT, Status.TIMED_OUT, Status.OK);
    }

    @Test
    void aFailureNamesTheModelAndItsCauseAndTheNextCallWorks() {
        model.before = texts -> {
            throw new IllegalStateException("out of memory on the card");
        };
        assertThatThrownBy(() -> embeddings.passages(ACME, List.of("a", "b")))
                .isInstanceOf(EmbeddingException.class)
                .hasMessage("Model 'probe' failed on 2 passages: out of memory on the card")
                .hasRootCauseInstanceOf(IllegalStateException.class);

        model.before = texts -> texts;
        assertThat(embeddings.passages(ACME, List.of("a", "b"))).hasSize(2);
        assertThat(tally.calls).containsExactly(Status.FAILED, Status.OK);
    }

    @Test
    void anAnswerOfTheWrongSizeOrWithoutANumberIsAFailureAndIsNotStored() {
        model.after = vectors -> vectors.subList(0, 1);
        assertThatThrownBy(() -> embeddings.passages(ACME, List.of("a", "b"))).hasMessageContaining("2 texts with 1");
        model.after = vectors -> List.of(new float[3]);
        assertThatThrownBy(() -> embeddings.passages(ACME, List.of("a"))).hasMessageContaining("found 3");
        model.after = vectors -> {
            vectors.getFirst()[5] = Float.NaN;
            return vectors;
        };
        assertThatThrownBy(() -> embeddings.passages(ACME, List.of("a"))).hasMessageContaining("NaN");

        assertThat(store.held()).isEmpty();
    }

    @Test
    void aQueryDoesNotWaitForPassages() throws Exception {
        var release = new CountDownLatch(1);
        model.before = texts -> {
            release.await();
            return texts;
        };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var batches = IntStream.range(0, 5)
                    .mapToObj(i -> threads.submit(() -> embeddings.passages(ACME, List.of("text " + i))))
                    .toList();
            await().until(() -> model.running.get() == 2);
            model.beforeQuery = query -> query;

            assertThat(embeddings.query(ACME, "now")).hasSize(32);

            release.countDown();
            for (var batch : batches) {
                assertThat(batch.get()).hasSize(1);
            }
        }
        assertThat(model.runningMost.get()).isEqualTo(2);
    }

    @Test
    void aWaitingCallerGivesUpWhenItIsInterrupted() throws Exception {
        model.before = texts -> {
            new CountDownLatch(1).await();
            return texts;
        };
        var failures = new CopyOnWriteArrayList<Throwable>();
        var callers = Stream.of("same", "same")
                .map(text -> Thread.ofPlatform()
                        .uncaughtExceptionHandler((thread, failure) -> failures.add(failure))
                        .start(() -> embeddings.passages(ACME, List.of(text))))
                .toList();
        await().until(() -> model.running.get() == 1);
        callers.forEach(Thread::interrupt);
        for (var caller : callers) {
            caller.join();
        }
        assertThat(failures)
                .hasSize(2)
                .allSatisfy(failure -> assertThat(failure).isInstanceOf(EmbeddingException.class));
        await().until(() -> model.running.get() == 0);
    }

    @Test
    void aTextThatStandsTwiceInOneBatchIsComputedOnce() {
        var vectors = embeddings.passages(ACME, List.of("a", "b", "a"));

        assertThat(model.computed).containsExactly("a", "b");
        assertThat(vectors.get(0)).isEqualTo(vectors.get(2)).isNotEqualTo(vectors.get(1));
        assertThat(tally.lookups).containsExactly("MEMORY 1/2", "STORE 0/2");
    }

    @Test
    void twoThreadsThatAskAtOnceComputeEveryTextOnce() throws Exception {
        var texts = IntStream.range(0, 300).mapToObj(i -> "text " + i).toList();
        var backwards = texts.reversed();
        try (var threads = Executors.newFixedThreadPool(8)) {
            var all = IntStream.range(0, 8)
                    .mapToObj(i -> threads.submit(() -> embeddings.passages(ACME, i % 2 == 0 ? texts : backwards)))
                    .toList();
            for (int i = 0; i < 8; i++) {
                assertThat(all.get(i).get().get(i % 2 == 0 ? 7 : 292))
                        .isEqualTo(all.get(0).get().get(7));
            }
        }
        assertThat(model.computed).hasSize(300).doesNotHaveDuplicates();
    }

    @Test
    void whoeverWaitedForAFailedComputationTriesItself() throws Exception {
        var attempts = new AtomicInteger();
        var release = new CountDownLatch(1);
        model.before = texts -> {
            if (attempts.getAndIncrement() == 0) {
                release.await();
                throw new IllegalStateException("the first attempt fails");
            }
            return texts;
        };
        try (var threads = Executors.newFixedThreadPool(2)) {
            var first = threads.submit(() -> embeddings.passages(ACME, List.of("shared")));
            await().until(() -> model.running.get() == 1);
            var second = threads.submit(() -> embeddings.passages(ACME, List.of("shared", "own")));
            await().until(() -> model.computed.contains("own"));
            release.countDown();

            assertThatThrownBy(first::get).hasRootCauseMessage("the first attempt fails");
            assertThat(second.get()).hasSize(2);
        }
    }

    @Test
    void whatAFailedBatchHadFinishedIsNotComputedAgain() {
        var texts = IntStream.range(0, 200).mapToObj(i -> "text " + i).toList();
        model.before = part -> {
            if (part.contains("text 199")) {
                throw new IllegalStateException("broken");
            }
            return part;
        };
        assertThatThrownBy(() -> embeddings.passages(ACME, texts)).hasMessageContaining("broken");
        model.before = part -> part;
        embeddings.passages(ACME, texts);

        assertThat(model.computed).hasSize(200).doesNotHaveDuplicates();
    }

    @Test
    void aRestartReadsTheStoreInsteadOfAskingTheModel() {
        embeddings.passages(ACME, List.of("a", "b"));
        var restarted = embeddings(settings(Duration.ofSeconds(10)));
        restarted.passages(ACME, List.of("a", "b"));
        restarted.passages(ACME, List.of("a", "b"));

        assertThat(model.computed).containsExactly("a", "b");
        assertThat(tally.lookups).containsExactly("MEMORY 0/2", "STORE 0/2", "MEMORY 0/2", "STORE 2/0", "MEMORY 2/0");
    }

    @Test
    void queriesAreRememberedInMemoryAndNeverStored() {
        embeddings.query(ACME, "who");
        embeddings.query(ACME, "who");

        assertThat(model.asked).containsExactly("who");
        assertThat(store.held()).isEmpty();
        assertThat(tally.lookups).containsExactly("MEMORY 0/1", "MEMORY 1/0");
    }

    @Test
    void tenantsShareNothing() {
        embeddings.passages(ACME, List.of("a"));
        embeddings.passages(OTHER, List.of("a"));

        assertThat(model.computed).containsExactly("a", "a");
        assertThat(store.held()).hasSize(2);
    }

    @Test
    void aLoneSurrogateIsNotMistakenForAQuestionMark() {
        embeddings.passages(ACME, List.of("a?", "a\uD800"));

        assertThat(model.computed).hasSize(2);
    }

    @Test
    void aSweepKeepsWhatIsLive() {
        embeddings.passages(ACME, List.of("a", "b", "c"));

        assertThat(embeddings.sweep(ACME, embeddings.space(), Stream.of("b"))).isEqualTo(2);
        assertThat(store.held()).containsExactly(new VectorStore.Held(ACME, embeddings.space(), 1));
    }

    @Test
    void afterInvalidationEverythingIsComputedAnew() {
        embeddings.passages(ACME, List.of("a"));
        embeddings.query(ACME, "q");

        assertThat(embeddings.invalidate(ModelNames.of("another*")))
                .isEqualTo(new Embeddings.Invalidated(0, OptionalLong.empty(), 0));
        assertThat(embeddings.invalidate(ModelNames.of(embeddings.space().model())))
                .isEqualTo(new Embeddings.Invalidated(2, OptionalLong.empty(), 1));
        embeddings.passages(ACME, List.of("a"));
        embeddings.query(ACME, "q");

        assertThat(model.computed).containsExactly("a", "a");
        assertThat(model.asked).containsExactly("q", "q");
    }

    @Test
    void noTextsAreNoWork() {
        assertThat(embeddings.passages(ACME, List.of())).isEmpty();
        assertThat(tally.calls).isEmpty();
    }

    @Test
    void aLanguageIsUnderstoodWhateverItsRegion() {
        assertThat(embeddings.understands("en-GB")).isTrue();
        assertThat(embeddings.understands("EN")).isTrue();
        assertThat(embeddings.understands("ro")).isFalse();
    }

    @Test
    void settingsThatCannotWorkAreRefusedByName() {
        assertThatThrownBy(() -> settings(Duration.ZERO)).hasMessage("query_timeout is more than 0; found 0");
        assertThatThrownBy(() -> new Embeddings.Settings(Duration.ofSeconds(1), Duration.ofSeconds(1), 0, 1, 0))
                .hasMessage("passages_per_call is more than 0; found 0");
        assertThatThrownBy(() -> new Embeddings.Settings(Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 1, -1))
                .hasMessage("memory_bytes_max is 0 or more; found -1");
    }

    private Embeddings embeddings(Embeddings.Settings settings) {
        return new Embeddings(model, store, tenant -> tenant.id().getBytes(), tally, settings);
    }

    @Test
    void nodesThatEmbedTheSameTextsAtOnceDivideTheWork() throws Exception {
        var texts = IntStream.range(0, 128).mapToObj("text %d"::formatted).toList();
        var inStep = new Phaser(2);
        model.before = part -> {
            inStep.arriveAndAwaitAdvance();
            return part;
        };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var nodes = IntStream.of(1, 2)
                    .mapToObj(seed -> threads.submit(() -> {
                        var found = amongNodes(seed).passages(ACME, texts);
                        inStep.arriveAndDeregister();
                        return found;
                    }))
                    .toList();
            assertThat(nodes.getFirst().get()).hasSize(texts.size());
            assertThat(nodes.getLast().get()).hasSize(texts.size());
        }
        assertThat(model.computed).containsAll(texts);
        assertThat(model.computed.size()).isLessThan(texts.size() * 3 / 2);
    }

    @Test
    void whatAnotherNodeHasStoredMeanwhileIsNotComputedAgain() {
        var texts = IntStream.range(0, 64).mapToObj("text %d"::formatted).toList();
        var other = amongNodes(2);
        model.before = part -> {
            model.before = same -> same;
            other.passages(ACME, texts);
            return part;
        };
        assertThat(amongNodes(1).passages(ACME, texts)).hasSize(texts.size());
        assertThat(model.computed).hasSize(texts.size() + 4);
    }

    private Embeddings amongNodes(long seed) {
        return new Embeddings(
                model,
                Optional.empty(),
                store,
                tenant -> tenant.id().getBytes(UTF_8),
                tally,
                new Embeddings.Settings(Duration.ofSeconds(10), Duration.ofSeconds(10), 4, 2, 1 << 20),
                Optional.of(new Random(seed)));
    }

    private static Embeddings.Settings settings(Duration limit) {
        return new Embeddings.Settings(limit, limit, 64, 2, 1 << 20);
    }

    private interface Step<T> {
        T apply(T texts) throws Exception;
    }

    /// A model that can be told to wait, fail or answer nonsense, and that remembers what it was asked.
    private static final class Probe implements EmbeddingModel {
        final EmbeddingModel words = EmbeddingModel.inMemory(32);
        final List<String> computed = new CopyOnWriteArrayList<>();
        final List<String> asked = new CopyOnWriteArrayList<>();
        final AtomicInteger running = new AtomicInteger();
        final AtomicInteger runningMost = new AtomicInteger();
        volatile Step<List<String>> before = texts -> texts;
        volatile Step<String> beforeQuery =
                query -> before.apply(List.of(query)).getFirst();
        volatile UnaryOperator<List<float[]>> after = vectors -> vectors;

        @Override
        public EmbeddingSpace space() {
            return new EmbeddingSpace("probe", "00000001", 32, true);
        }

        @Override
        public String provider() {
            return "probe";
        }

        @Override
        public Set<String> languages() {
            return Set.of("en");
        }

        @Override
        public float[] embedQuery(String query) {
            asked.add(run(beforeQuery, query));
            return words.embedQuery(query);
        }

        @Override
        public List<float[]> embedPassages(List<String> passages) {
            runningMost.accumulateAndGet(running.incrementAndGet(), Math::max);
            try {
                computed.addAll(run(before, passages));
                return after.apply(new ArrayList<>(words.embedPassages(passages)));
            } finally {
                running.decrementAndGet();
            }
        }

        @Override
        public void close() {}

        private static <T> T run(Step<T> step, T input) {
            try {
                return step.apply(input);
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static final class Tally implements EmbeddingMeter {
        final List<Status> calls = new CopyOnWriteArrayList<>();
        final List<String> lookups = new CopyOnWriteArrayList<>();

        @Override
        public void called(String provider, Status status, Duration took) {
            calls.add(status);
        }

        @Override
        public void lookedUp(Level level, int hits, int misses) {
            lookups.add("%s %d/%d".formatted(level, hits, misses));
        }

        @Override
        public void cut(String provider, long tokens) {}

        @Override
        public void fellBack(String from, String to, int times) {}

        @Override
        public void refused(String provider, int texts) {}
    }
}
