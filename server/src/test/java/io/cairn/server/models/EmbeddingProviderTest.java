package io.cairn.server.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.cairn.adapter.sql.TestServers;
import io.cairn.server.RunningCairn;
import io.cairn.testkit.ModelReply;
import io.cairn.testkit.ModelServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/// A provider's model embeds in place of the one in the process.
class EmbeddingProviderTest {
    private static final String MESSAGE = "{\"messages\":[{\"role\":\"user\",\"content\":\"Low tide is at noon\"}]}";

    private final ModelServer provider = ModelServer.start();

    @TempDir
    Path data;

    @AfterEach
    void close() {
        provider.close();
    }

    private RunningCairn start(String... more) {
        var settings = Stream.concat(
                        Stream.of(
                                "--cairn.models.providers.scripted.url=" + provider.url() + "/v1",
                                "--cairn.models.providers.scripted.first-wait=1ms",
                                "--cairn.models.embedding.provider=scripted",
                                "--cairn.models.embedding.model=small",
                                "--cairn.models.embedding.dimensions=8",
                                "--cairn.models.embedding.encoding=base64"),
                        Stream.of(more))
                .toArray(String[]::new);
        return RunningCairn.start(data, settings);
    }

    private static void embedded(RunningCairn cairn) {
        await().untilAsserted(() -> assertThat(cairn.get("/v1/status")
                        .json()
                        .at("/projections/1/events_behind")
                        .asLong())
                .isZero());
    }

    private static String legs(RunningCairn cairn, String query) {
        return cairn.post("/v1/recall", "{\"query\":\"%s\"}".formatted(query))
                .has(200)
                .response()
                .body();
    }

    @Test
    void whatWasEmbeddedOnceIsNotAskedForAgainAfterARestart() {
        try (var cairn = start()) {
            cairn.post("/v1/conversations/c/messages", MESSAGE).has(201);
            embedded(cairn);
            assertThat(texts()).contains("user: Low tide is at noon");
            assertThat(legs(cairn, "Low tide is at noon")).contains("\"dense\"");
        }
        long asked = passages();

        try (var cairn = start()) {
            cairn.post("/v1/conversations/d/messages", MESSAGE).has(201);
            embedded(cairn);
        }

        assertThat(passages()).isEqualTo(asked);
    }

    @Test
    void theKeyComesFromAFileAndShowsInNoLine(@TempDir Path folder) throws IOException {
        var key = Files.writeString(folder.resolve("key"), "very-secret\n");
        provider.then(ModelReply.status(401, "{\"error\":{\"message\":\"Incorrect API key: very-secret\"}}"));
        try (var cairn = start("--cairn.models.providers.scripted.key-file=" + key)) {
            var lines = new ListAppender<ILoggingEvent>();
            lines.start();
            var loggers = (Logger) LoggerFactory.getLogger("io.cairn");
            loggers.addAppender(lines);
            loggers.setLevel(Level.ALL);
            try {
                cairn.post("/v1/conversations/c/messages", MESSAGE).has(201);
                embedded(cairn);
            } finally {
                loggers.setLevel(null);
                loggers.detachAppender(lines);
            }

            assertThat(provider.lastRequest().header("Authorization")).contains("Bearer very-secret");
            assertThat(lines.list)
                    .extracting(
                            line -> line.getFormattedMessage() + ThrowableProxyUtil.asString(line.getThrowableProxy()))
                    .anyMatch(line -> line.contains("Incorrect API key: [key]"))
                    .noneMatch(line -> line.contains("very-secret"));
        }
    }

    @Test
    void whileTheProviderIsAwayRecallAnswersByWordsAndMessagesAreTakenIn() {
        provider.otherwise(ModelReply.status(503, "{\"error\":{\"message\":\"away\"}}"));
        try (var cairn = start()) {
            var position =
                    cairn.post("/v1/conversations/c/messages", MESSAGE).has(201).text("/position");

            var hits = cairn.post("/v1/recall", "{\"query\":\"tide\",\"min_position\":\"%s\"}".formatted(position))
                    .has(200);
            assertThat(hits.json().path("hits").size()).isEqualTo(1);
            assertThat(cairn.get("/metrics").response().body()).contains("model_retries_total{provider=\"scripted\"}");

            provider.otherwise(ModelReply.well());
            await().untilAsserted(() -> assertThat(texts()).contains("user: Low tide is at noon"));
        }
    }

    @Test
    void vectorsAreSharedOnRedis() {
        try (var cairn = start("--cairn.models.redis.url=" + TestServers.redis(), "--cairn.models.redis.timeout=5s")) {
            cairn.post("/v1/conversations/c/messages", MESSAGE).has(201);
            embedded(cairn);

            var metrics = cairn.get("/metrics").response().body();
            assertThat(metrics)
                    .contains(
                            "embedding_cache_requests_total{level=\"redis\",result=\"miss\"} 1.0",
                            "db_breaker_state{store=\"redis\"} 0.0");

            cairn.delete("/v1/models/cache?model=other-*").has(200);
            var removed = cairn.delete("/v1/models/cache?model=sma*").has(200).json();
            assertThat(removed.path("memory").asLong()).isEqualTo(1);
            assertThat(removed.path("redis").asLong()).isPositive();
            assertThat(removed.path("store").asLong()).isEqualTo(1);
        }
    }

    @Test
    void aRedisThatIsAwayIsNoReasonToFail() {
        try (var cairn = start("--cairn.models.redis.url=redis://127.0.0.1:9")) {
            cairn.post("/v1/conversations/c/messages", MESSAGE).has(201);
            embedded(cairn);

            assertThat(texts()).contains("user: Low tide is at noon");
            cairn.get("/health/ready").has(200);
        }
    }

    @Test
    void whileTheProviderIsAwayTheSameModelAnswersElsewhere() {
        try (var spare = ModelServer.start();
                var cairn = start(
                        "--cairn.models.providers.spare.url=" + spare.url() + "/v1",
                        "--cairn.models.embedding.fallbacks[0].provider=spare")) {
            cairn.post("/v1/conversations/c/messages", MESSAGE).has(201);
            embedded(cairn);
            await().until(() -> !spare.requests().isEmpty());
            provider.otherwise(ModelReply.status(503, "{\"error\":{\"message\":\"away\"}}"));

            cairn.post("/v1/conversations/c/messages", MESSAGE.replace("Low", "High"))
                    .has(201);
            embedded(cairn);
            assertThat(legs(cairn, "When is high tide?")).contains("\"dense\":\"complete\"");

            assertThat(cairn.get("/metrics").response().body())
                    .containsPattern("embedding_fallbacks_total\\{from=\"scripted\",to=\"spare\"} [1-9]");
        }
    }

    @Test
    void aFallbackThatServesAnotherModelNeverAnswers() {
        try (var spare = ModelServer.start();
                var cairn = start(
                        "--cairn.models.providers.spare.url=" + spare.url() + "/v1",
                        "--cairn.models.embedding.fallbacks[0].provider=spare",
                        "--cairn.models.embedding.fallbacks[0].model=large")) {
            cairn.post("/v1/conversations/c/messages", MESSAGE).has(201);
            embedded(cairn);
            await().until(() -> !spare.requests().isEmpty());
            assertThat(spare.lastRequest().json().path("model").asString()).isEqualTo("large");
            provider.otherwise(ModelReply.status(503, "{\"error\":{\"message\":\"away\"}}"));

            assertThat(legs(cairn, "When is high tide?")).contains("\"dense\":\"silent\"");
            assertThat(cairn.get("/metrics").response().body())
                    .contains("embedding_fallbacks_total{from=\"scripted\",to=\"spare\"} 0.0");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "fallbacks[0].provider=other, cairn.models.embedding.fallbacks names 'other'",
        "fallbacks[0].provider=scripted, other providers than its own",
        "fallbacks[0].dimensions=16, cairn.models.embedding.fallbacks"
    })
    void aFallbackThatIsNotTheSameModelElsewhereStopsTheStart(String setting, String why) {
        assertThatThrownBy(() -> start("--cairn.models.embedding." + setting).close())
                .hasStackTraceContaining(why);
    }

    @Test
    void aSettingThatNamesNoProviderStopsTheStart() {
        assertThatThrownBy(() -> start("--cairn.models.embedding.provider=other"))
                .rootCause()
                .hasMessageContaining("cairn.models.embedding.provider names 'other', which is none of");
    }

    private List<String> texts() {
        return provider.requests().stream()
                .flatMap(request -> request.json().path("input").valueStream())
                .map(text -> text.asString())
                .toList();
    }

    private long passages() {
        return texts().stream().filter(text -> text.contains("Low tide")).count();
    }
}
