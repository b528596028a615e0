package io.cairn.adapter.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cairn.guard.Breaker;
import io.cairn.guard.Retry;
import io.cairn.model.EmbeddingMeter;
import io.cairn.model.EmbeddingModel;
import io.cairn.model.FallbackEmbeddings;
import io.cairn.model.ModelException;
import io.cairn.model.ModelException.Kind;
import io.cairn.model.ModelFailures;
import io.cairn.model.ProviderGuard;
import io.cairn.testkit.ModelReply;
import io.cairn.testkit.ModelServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One model at two providers. The scripted servers have a space for each name of a model.
@Timeout(30)
class FallbackEmbeddingsTest {
    private static final ModelReply AWAY = ModelReply.status(503, "{\"error\":{\"message\":\"away\"}}");
    private static final int DIMENSIONS = 8;
    private static final int TRIAL_TEXTS = 3;

    private final ModelServer main = ModelServer.start();
    private final ModelServer spare = ModelServer.start();
    private final List<ProviderHttp> opened = new ArrayList<>();
    private final List<String> fellBack = Collections.synchronizedList(new ArrayList<>());
    private EmbeddingModel model;

    @BeforeEach
    void open() {
        model = new FallbackEmbeddings(
                at(main, "main", "small", DIMENSIONS),
                List.of(at(spare, "spare", "small", DIMENSIONS)),
                new FallbackMeter());
    }

    private FallbackEmbeddings withAnotherModelAtTheSpare() {
        return new FallbackEmbeddings(
                at(main, "main", "small", DIMENSIONS),
                List.of(at(spare, "spare", "small", "large", DIMENSIONS)),
                new FallbackMeter());
    }

    @AfterEach
    void close() {
        model.close();
        opened.forEach(ProviderHttp::close);
        main.close();
        spare.close();
    }

    private EmbeddingModel at(ModelServer server, String provider, String name, int dimensions) {
        return at(server, provider, name, name, dimensions);
    }

    private EmbeddingModel at(ModelServer server, String provider, String name, String upstream, int dimensions) {
        var http = new ProviderHttp(
                new Provider(provider, server.url().resolve("/v1"), ProviderKey.none(), Provider.Auth.BEARER, Map.of()),
                Instant::now);
        opened.add(http);
        var failures = new ModelFailures(provider);
        var breaker =
                new Breaker(provider, failures, new Breaker.Settings(50, Duration.ofSeconds(60)), System::nanoTime);
        var time = Duration.ofSeconds(5);
        return new RemoteEmbeddings(
                http,
                new ProviderGuard(provider, breaker, Retry.none(failures), 4),
                new RemoteEmbeddingSettings(
                        name,
                        upstream,
                        "/embeddings",
                        dimensions,
                        true,
                        false,
                        "",
                        "",
                        Set.of(),
                        10,
                        1000,
                        time,
                        time,
                        time),
                used -> {});
    }

    /// The first provider has answered, and the other one has embedded the same texts.
    private void compared() {
        model.embedQuery("hello");
        await().until(() -> texts(spare).size() == TRIAL_TEXTS);
    }

    private static List<String> texts(ModelServer server) {
        return server.requests().stream()
                .flatMap(request -> request.json().path("input").valueStream())
                .map(text -> text.asString())
                .toList();
    }

    @Test
    void whileTheFirstProviderIsAwayTheOtherOneAnswersWithTheSameVectors() {
        var vector = model.embedQuery("When is low tide?");
        compared();
        main.otherwise(AWAY);

        await().untilAsserted(
                        () -> assertThat(model.embedQuery("When is low tide?")).isEqualTo(vector));
        assertThat(model.embedPassages(List.of("one", "two"))).hasSize(2);

        assertThat(fellBack).contains("main spare 1");
        assertThat(model.provider()).isEqualTo("main");
        main.otherwise(ModelReply.well());
        int asked = texts(spare).size();
        model.embedQuery("And high tide?");
        assertThat(texts(spare)).hasSize(asked);
    }

    @Test
    void aProviderOfAnotherSpaceNeverStandsIn() {
        model = withAnotherModelAtTheSpare();
        compared();
        assertThat(spare.lastRequest().json().path("model").asString()).isEqualTo("large");
        main.otherwise(AWAY);

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> model.embedQuery("When is low tide?"))
                    .isInstanceOfSatisfying(
                            ModelException.class, e -> assertThat(e.provider()).isEqualTo("main"));
        }
        assertThat(texts(spare)).doesNotContain("When is low tide?");
        assertThat(fellBack).isEmpty();
    }

    @Test
    void aProviderWhoseVectorsHaveAnotherSizeNeverStandsIn() {
        spare.otherwise(ModelReply.text(IntStream.range(0, TRIAL_TEXTS)
                .mapToObj("{\"object\":\"embedding\",\"index\":%d,\"embedding\":[1,0,0,0]}"::formatted)
                .collect(Collectors.joining(",", "{\"object\":\"list\",\"data\":[", "]}"))));
        compared();
        main.otherwise(AWAY);

        assertThatThrownBy(() -> model.embedQuery("When is low tide?")).isInstanceOf(ModelException.class);
        assertThat(texts(spare)).doesNotContain("When is low tide?");
    }

    @Test
    void nobodyStandsInBeforeTheFirstProviderHasAnswered() {
        main.otherwise(AWAY);

        assertThatThrownBy(() -> model.embedQuery("When is low tide?")).isInstanceOf(ModelException.class);
        assertThat(spare.requests()).isEmpty();
    }

    @Test
    void aProviderThatWasAwayIsComparedWhenItIsNeeded() {
        spare.otherwise(AWAY);
        var vector = model.embedQuery("When is low tide?");
        compared();
        spare.otherwise(ModelReply.well());
        main.otherwise(AWAY);

        assertThat(model.embedQuery("When is low tide?")).isEqualTo(vector);
        assertThat(texts(spare)).hasSize(2 * TRIAL_TEXTS + 1);
    }

    @Test
    void aTextThatIsRefusedIsNotTakenElsewhere() {
        compared();
        main.then(ModelReply.status(400, "{\"error\":{\"message\":\"no\"}}"));

        assertThatThrownBy(() -> model.embedQuery("When is low tide?"))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
        assertThat(texts(spare)).hasSize(TRIAL_TEXTS);
    }

    @Test
    void whereAllAreAwayTheLastOneSaysSo() {
        compared();
        main.otherwise(AWAY);
        spare.otherwise(AWAY);

        await().untilAsserted(() -> assertThatThrownBy(() -> model.embedQuery("When is low tide?"))
                .isInstanceOfSatisfying(ModelException.class, e -> {
                    assertThat(e.provider()).isEqualTo("spare");
                    assertThat(e.getSuppressed()).hasSize(1);
                }));
    }

    @Test
    void anotherModelOrOtherDimensionsAreRefusedAtOnce() {
        var first = at(main, "main", "small", DIMENSIONS);
        for (var other : List.of(at(spare, "spare", "small", 16), at(spare, "spare", "large", DIMENSIONS))) {
            assertThatThrownBy(() -> new FallbackEmbeddings(first, List.of(other), new FallbackMeter()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Provider 'spare' cannot stand in for 'main'");
        }
    }

    private final class FallbackMeter implements EmbeddingMeter {
        @Override
        public void called(String provider, Status status, Duration took) {}

        @Override
        public void lookedUp(Level level, int hits, int misses) {}

        @Override
        public void cut(String provider, long tokens) {}

        @Override
        public void refused(String provider, int texts) {}

        @Override
        public void fellBack(String from, String to, int times) {
            fellBack.add("%s %s %d".formatted(from, to, times));
        }
    }
}
