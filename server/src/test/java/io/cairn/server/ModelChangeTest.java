package io.cairn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.model.EmbeddingModel;
import io.cairn.model.EmbeddingSpace;
import io.cairn.server.wiring.StartProblems;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/// A full index is not left for an empty one without a word.
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

    @Test
    void anotherModelBeginsOnlyWhenTheFormerOneIsGivenUpByName() {
        var former = EmbeddingModel.inMemory(8).space().model();
        try (var cairn = start(Small.class)) {
            cairn.post("/v1/conversations/c/messages", "{\"messages\":[{\"role\":\"user\",\"content\":\"plums\"}]}")
                    .has(201);
            await().until(() -> cairn.post("/v1/recall", "{\"query\":\"plums\"}")
                    .has(200)
                    .response()
                    .body()
                    .contains("\"dense\":\"complete\""));
        }
        var failure = ThrowableAssert.catchThrowable(() -> start(Large.class).close());
        assertThat(StartProblems.sentence(failure))
                .hasValueSatisfying(sentence -> assertThat(sentence)
                        .contains("find less by meaning", "cairn.embedding.replaces=" + former)
                        .doesNotContain("\n"));

        start(Small.class).close();
        start(Large.class, "--cairn.embedding.replaces=" + former).close();
        start(Large.class).close();
    }
}
