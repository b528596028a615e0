package io.cairn.adapter.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;
import static org.awaitility.Awaitility.await;

import io.cairn.guard.Breaker;
import io.cairn.guard.Retry;
import io.cairn.model.EmbeddingSpace;
import io.cairn.model.ModelException;
import io.cairn.model.ModelException.Kind;
import io.cairn.model.ModelFailures;
import io.cairn.model.ProviderGuard;
import io.cairn.model.Usage;
import io.cairn.testkit.ModelReply;
import io.cairn.testkit.ModelRequest;
import io.cairn.testkit.ModelServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class RemoteEmbeddingsTest {
    private final ModelServer server = ModelServer.start();
    private final List<Usage> used = new ArrayList<>();
    private final List<Duration> waits = new ArrayList<>();
    private final ModelFailures failures = new ModelFailures("scripted");
    private final ProviderGuard guard = new ProviderGuard(
            "scripted",
            new Breaker("scripted", failures, new Breaker.Settings(5, Duration.ofSeconds(60)), System::nanoTime),
            new Retry(
                    failures,
                    new Retry.Settings(3, Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofSeconds(20)),
                    System::nanoTime,
                    waits::add,
                    () -> {}),
            4);
    private ProviderHttp http = http(ProviderKey.of("secret-1"));

    private ProviderHttp http(ProviderKey key) {
        return new ProviderHttp(
                new Provider(
                        "scripted", server.url().resolve("/v1"), key, Provider.Auth.BEARER, Map.of("x-team", "cairn")),
                Instant::now);
    }

    @AfterEach
    void close() {
        http.close();
        server.close();
    }

    private RemoteEmbeddings model(boolean base64) {
        return model(base64, 3, 1000, Duration.ofSeconds(20));
    }

    private RemoteEmbeddings model(boolean base64, int textsMax, int tokensMax, Duration timeout) {
        return new RemoteEmbeddings(
                http,
                guard,
                new RemoteEmbeddingSettings(
                        "small",
                        "small",
                        "/embeddings",
                        8,
                        true,
                        base64,
                        "query: ",
                        "",
                        Set.of(),
                        textsMax,
                        tokensMax,
                        timeout,
                        timeout,
                        timeout),
                used::add);
    }

    @Test
    void floatsAndBase64AreTheSameVectors() {
        var texts = List.of("one", "two", "one", "", "half \uD800 a character");

        var floats = model(false).embedPassages(texts);
        var base64 = model(true).embedPassages(texts);

        assertThat(floats).hasSize(5);
        for (int i = 0; i < 5; i++) {
            assertThat(base64.get(i)).isEqualTo(floats.get(i));
        }
        assertThat(floats.get(0)).isEqualTo(floats.get(2)).isNotEqualTo(floats.get(1));
        assertThat(length(floats.get(0))).isEqualTo(1, offset(1e-5));
    }

    @Test
    void theRequestSaysWhatTheSettingsSay() {
        model(true).embedQuery("where");

        var request = server.lastRequest();
        assertThat(request.path()).isEqualTo("/v1/embeddings");
        assertThat(request.header("Authorization")).contains("Bearer secret-1");
        assertThat(request.header("X-Team")).contains("cairn");
        assertThat(request.json().toString())
                .isEqualTo("{\"model\":\"small\",\"input\":[\"query:"
                        + " where\"],\"dimensions\":8,\"encoding_format\":\"base64\"}");
        assertThat(used).containsExactly(new Usage(2, 0, false));
    }

    @Test
    void batchesKeepToTheLimitsOfTextsAndTokens() {
        model(false)
                .embedPassages(IntStream.range(0, 7).mapToObj(i -> "text " + i).toList());
        model(false, 100, 50, Duration.ofSeconds(20)).embedPassages(List.of("x".repeat(100), "y", "z".repeat(100)));

        assertThat(server.requests().stream()
                        .map(request -> request.json().path("input").size()))
                .containsExactly(3, 3, 1, 2, 1);
    }

    @Test
    void anAnswerInAnotherOrderIsPutInOrderByItsIndexes() {
        server.then(
                ModelReply.text(
                        "{\"data\":[{\"index\":1,\"embedding\":[0,1,0,0,0,0,0,0]},{\"index\":0,\"embedding\":[3,0,0,0,0,0,0,0]}]}"));

        var vectors = model(false).embedPassages(List.of("one", "two"));

        assertThat(vectors.get(0)[0]).isEqualTo(1);
        assertThat(vectors.get(1)[1]).isEqualTo(1);
        assertThat(used)
                .singleElement()
                .satisfies(usage -> assertThat(usage.estimated()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"data\":[]}",
                "{}",
                "[]",
                "no JSON",
                "",
                "{\"data\":[{\"index\":0,\"embedding\":[1,0,0,0,0,0,0]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1,0,0,0,0,0,0,0,0]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[0,0,0,0,0,0,0,0]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[null,0,0,0,0,0,0,1]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[\"NaN\",0,0,0,0,0,0,1]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1e300,0,0,0,0,0,0,1]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[NaN,0,0,0,0,0,0,1]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":null}]}",
                "{\"data\":[{\"index\":0,\"embedding\":\"!\"}]}",
                "{\"data\":[{\"index\":0,\"embedding\":\"AAA=\"}]}",
                "{\"data\":[{\"index\":0,\"embedding\":\"AADAfwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}]}",
                "{\"data\":[{\"index\":1,\"embedding\":[1,0,0,0,0,0,0,0]}]}",
                "{\"data\":[{\"index\":-1,\"embedding\":[1,0,0,0,0,0,0,0]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1,0,0,0,0,0,0,0]},{\"index\":0,\"embedding\":[1,0,0,0,0,0,0,0]}]}"
            })
    void anAnswerThatCannotBeUsedIsRefusedAndNotAskedForAgain(String answer) {
        server.then(ModelReply.text(answer));

        assertThatThrownBy(() -> model(false).embedPassages(List.of("one")))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.GARBLED));
        assertThat(server.requests()).hasSize(1);
        assertThat(used).isEmpty();
    }

    @Test
    void twoVectorsForOneTextAreRefused() {
        server.then(
                ModelReply.text(
                        "{\"data\":[{\"index\":0,\"embedding\":[1,0,0,0,0,0,0,0]},{\"index\":0,\"embedding\":[1,0,0,0,0,0,0,0]}]}"));

        assertThatThrownBy(() -> model(false).embedPassages(List.of("one", "two")))
                .hasMessageContaining("two vectors for text 0");
    }

    @Test
    void aFirst429IsWaitedOutAndThenItGoesWell() {
        server.then(ModelReply.status(429, "{\"error\":{\"message\":\"slow down\"}}")
                .header("Retry-After", "3"));

        assertThat(model(false).embedQuery("one")).hasSize(8);
        assertThat(waits).containsExactly(Duration.ofSeconds(3));
    }

    @Test
    void threeFailuresAreTheProviders() {
        server.otherwise(ModelReply.status(500, "{\"error\":{\"message\":\"it burns\"}}"));

        assertThatThrownBy(() -> model(false).embedQuery("one"))
                .hasMessageContaining("answered 500: it burns")
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.AWAY));
        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void aProviderThatSaysThatTryingAgainIsOfNoUseIsNotAskedAgain() {
        server.then(ModelReply.status(500, "{}").header("x-should-retry", "false"));

        assertThatThrownBy(() -> model(false).embedQuery("one")).hasMessageContaining("answered 500");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aProviderThatSaysThatTryingAgainIsOfUseIsAskedAgain() {
        server.then(ModelReply.status(409, "{}").header("x-should-retry", "true"));

        assertThat(model(false).embedQuery("one")).hasSize(8);
    }

    @Test
    void anAccountThatIsUsedUpIsNoRateLimit() {
        server.then(ModelReply.status(429, "{\"error\":{\"message\":\"pay\",\"code\":\"insufficient_quota\"}}"));

        assertThatThrownBy(() -> model(false).embedQuery("one"))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.USED_UP));
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aBatchThatIsTooLongIsHalvedAndALongTextDivided() {
        var tooLong =
                ModelReply.status(400, "{\"error\":{\"message\":\"This model's maximum context length is 8 tokens\"}}");
        server.then(tooLong, ModelReply.well(), tooLong);

        var vectors = model(false).embedPassages(List.of("short", "a text of some length"));

        assertThat(vectors).hasSize(2);
        assertThat(length(vectors.get(1))).isEqualTo(1, offset(1e-5));
        assertThat(server.requests().stream()
                        .map(request -> request.json().path("input").toString()))
                .containsExactly(
                        "[\"short\",\"a text of some length\"]",
                        "[\"short\"]",
                        "[\"a text of some length\"]",
                        "[\"a text of \"]",
                        "[\"some length\"]");
    }

    @Test
    void aConnectionThatBreaksIsTriedAgain() {
        server.then(ModelReply.well().cutAfter(20));

        assertThat(model(false).embedQuery("one")).hasSize(8);
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void anAnswerThatComesByteByByteIsRead() {
        server.then(ModelReply.well().in(1, Duration.ZERO));

        assertThat(model(false).embedQuery("one")).hasSize(8);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aProviderThatDoesNotComeToAnEndIsLeftInTime(boolean drips) throws Exception {
        server.then(drips ? ModelReply.well().in(1, Duration.ofMillis(50)) : ModelReply.never());

        assertThatThrownBy(() -> model(false, 3, 1000, Duration.ofMillis(300)).embedQuery("one"))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.SILENT));
        assertThat(server.lastRequest().end().get()).isEqualTo(ModelRequest.End.CLIENT_GONE);
        assertThat(guard.underWay()).isZero();
    }

    @Test
    void whoeverIsInterruptedTakesTheExchangeDown() throws Exception {
        server.then(ModelReply.never());
        var begun = new CountDownLatch(1);
        var thread = Thread.ofVirtual().start(() -> {
            begun.countDown();
            assertThatThrownBy(() -> model(false).embedQuery("one")).hasMessageContaining("given up");
        });
        begun.await();
        await().until(() -> !server.requests().isEmpty());

        thread.interrupt();
        thread.join();

        assertThat(server.lastRequest().end().get()).isEqualTo(ModelRequest.End.CLIENT_GONE);
        assertThat(guard.underWay()).isZero();
        assertThat(guard.breaker().refused()).isZero();
    }

    @Test
    void aKeyThatWasReplacedIsReadAgainWhenTheOldOneIsRefused(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("key"), "old\n");
        var time = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
        Files.setLastModifiedTime(file, time);
        http = http(ProviderKey.inFile(file));
        model(false).embedQuery("one");
        Files.writeString(file, "new");
        Files.setLastModifiedTime(file, time);
        server.then(ModelReply.status(401, "{\"error\":{\"message\":\"not old\"}}"));

        model(false).embedQuery("two");
        model(false).embedQuery("three");

        assertThat(server.requests().stream()
                        .map(request -> request.header("Authorization").orElseThrow()))
                .containsExactly("Bearer old", "Bearer old", "Bearer new", "Bearer new");
    }

    @Test
    void aKeyThatIsRefusedShowsNowhere() {
        server.then(ModelReply.status(401, "{\"error\":{\"message\":\"Incorrect API key: secret-1\"}}"));

        assertThatThrownBy(() -> model(false).embedQuery("one"))
                .hasMessageContaining("Incorrect API key: [key]")
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.KEY_REFUSED));
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aKeyThatIsReplacedWhileItIsRefusedShowsNowhereEither() {
        var keys = new ArrayDeque<>(List.of("secret-1", "secret-2"));
        http = http(new ProviderKey() {
            @Override
            public Optional<String> value() {
                return Optional.of(keys.size() > 1 ? keys.remove() : keys.element());
            }

            @Override
            public boolean isRenewed(Optional<String> refused) {
                return false;
            }
        });
        server.then(ModelReply.status(403, "{\"error\":{\"message\":\"Not with secret-1\"}}"));

        assertThatThrownBy(() -> model(false).embedQuery("one")).hasMessageContaining("Not with [key]");
    }

    @Test
    void aRedirectIsNotFollowed() {
        server.then(ModelReply.status(307, "").header("Location", "http://127.0.0.1:1/"));

        assertThatThrownBy(() -> model(false).embedQuery("one"))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
    }

    @Test
    void modelsOfTheSameSizeHaveSpacesOfTheirOwn() {
        var one = model(false).space();
        var other = new RemoteEmbeddings(
                        http,
                        guard,
                        new RemoteEmbeddingSettings(
                                "large",
                                "large",
                                "/embeddings",
                                8,
                                true,
                                false,
                                "",
                                "",
                                Set.of(),
                                3,
                                10,
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(1)),
                        used::add)
                .space();

        assertThat(one).isNotEqualTo(other).isEqualTo(model(true).space());
        assertThat(one).isEqualTo(new EmbeddingSpace("small", one.fingerprint(), 8, true));
    }

    private static double length(float[] vector) {
        return Math.sqrt(IntStream.range(0, vector.length)
                .mapToDouble(i -> vector[i] * vector[i])
                .sum());
    }
}
