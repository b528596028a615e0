package io.cairn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.model.EmbeddingModel;
import io.cairn.model.EmbeddingSpace;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/// What becomes of a full index when the configuration names another model.
class ModelChangeTest {
    @TempDir
    Path data;

    @Configuration(proxyBeanMethods = false)
    static class Small {
        @Bean
        @Primary
        EmbeddingModel small() {
            return EmbeddingModel.inMemory(8);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Large {
        @Bean
        @Primary
        EmbeddingModel large() {
            return new Other(EmbeddingModel.inMemory(16));
        }
    }

    /// Another model than the one in memory.
    private record Other(EmbeddingModel model) implements EmbeddingModel {
        @Override
        public EmbeddingSpace space() {
            return new EmbeddingSpace("another", "00000002", 16, true);
        }

        @Override
        public String provider() {
            return model.provider();
        }

        @Override
        public Set<String> languages() {
            return model.languages();
        }

        @Override
        public float[] embedQuery(String query) {
            return model.embedQuery(query);
        }

        @Override
        public List<float[]> embedPassages(List<String> passages) {
            return model.embedPassages(passages);
        }

        @Override
        public void close() {
            model.close();
        }
    }

    private RunningCairn start(Class<?> model, String... settings) {
        return RunningCairn.start(data, List.of(settings), model);
    }

    private static void say(RunningCairn cairn, String text) {
        cairn.post(
                        "/v1/conversations/c/messages",
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}".formatted(text))
                .has(201);
    }

    private static String recalled(RunningCairn cairn, String query) {
        return cairn.post("/v1/recall", "{\"query\":\"%s\"}".formatted(query))
                .has(200)
                .response()
                .body();
    }

    private static void awaitMeanings(RunningCairn cairn, String query) {
        await().untilAsserted(() -> assertThat(recalled(cairn, query)).contains("\"dense\":\"complete\""));
    }

    private static Optional<String> problemOf(RunningCairn cairn, String part) {
        return cairn.get("/health/detailed")
                .json()
                .path("components")
                .valueStream()
                .filter(component -> component.path("name").asString().equals(part))
                .filter(component -> component.path("status").asString().equals("degraded"))
                .map(component -> component.path("detail").asString())
                .findFirst();
    }

    @Test
    void whereTheModelOfTheIndexIsGoneWordsAnswerUntilItIsBack() {
        try (var cairn = start(Small.class)) {
            say(cairn, "plums");
            awaitMeanings(cairn, "plums");
        }
        try (var cairn = start(Large.class)) {
            say(cairn, "pears");
            await().untilAsserted(() -> cairn.get("/health/ready").has(200));
            assertThat(recalled(cairn, "plums")).contains("plums").contains("\"dense\":\"silent\"");
            assertThat(recalled(cairn, "pears")).contains("pears");
            var models = cairn.get("/v1/models").has(200);
            assertThat(models.text("/answering"))
                    .startsWith(EmbeddingModel.inMemory(8).space().model());
            assertThat(models.text("/wanted")).startsWith("another@");
            assertThat(models.json().path("absent").asBoolean()).isTrue();
            assertThat(problemOf(cairn, "projection:dense"))
                    .hasValueSatisfying(why -> assertThat(why).contains("cannot be run here", "cairn models"));
        }
        try (var cairn = start(Small.class)) {
            awaitMeanings(cairn, "pears");
            assertThat(cairn.get("/v1/models").json().path("absent").asBoolean())
                    .isFalse();
            await().untilAsserted(() -> assertThat(
                            cairn.get("/health/ready").has(200).response().body())
                    .doesNotContain("projection:dense"));
        }
    }

    @Test
    void whereTheModelOfTheIndexIsGoneARefreshSwitchesWithoutAComparison() {
        try (var cairn = start(Small.class)) {
            say(cairn, "plums");
            awaitMeanings(cairn, "plums");
        }
        try (var cairn = start(Large.class)) {
            say(cairn, "pears");
            cairn.post("/v1/models/refresh", "{}").has(202);
            await().untilAsserted(() ->
                    assertThat(cairn.get("/v1/models").text("/refresh/phase")).isEqualTo("switched"));
            awaitMeanings(cairn, "pears");
            awaitMeanings(cairn, "plums");
            assertThat(cairn.get("/v1/models").json().path("outdated").asBoolean())
                    .isFalse();
            assertThat(cairn.post("/v1/models/refresh/rollback", "{}").status()).isEqualTo(409);
        }
        try (var cairn = start(Large.class)) {
            awaitMeanings(cairn, "plums");
        }
    }

    @Test
    void whoGivesTheFormerModelUpBeginsWithAnEmptyIndex() {
        var former = EmbeddingModel.inMemory(8).space().model();
        try (var cairn = start(Small.class)) {
            say(cairn, "plums");
            awaitMeanings(cairn, "plums");
        }
        try (var cairn = start(Large.class, "--cairn.embedding.replaces=" + former)) {
            awaitMeanings(cairn, "plums");
            assertThat(cairn.get("/v1/models").json().path("outdated").asBoolean())
                    .isFalse();
        }
        start(Large.class).close();
    }
}
