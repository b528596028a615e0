package io.cairn.server.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.model.EmbeddingModel;
import io.cairn.model.EmbeddingSpace;
import io.cairn.server.RunningCairn;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/// A node with much to embed is ready: what was acknowledged is found by its words, and everybody is told
/// how it stands.
class ReadinessTest {
    private static final int MESSAGES = 200;

    /// A server ends only when its projections have, and these wait for the model.
    private static final List<String> SETTINGS = List.of(
            "--cairn.embedding.passages-timeout=1s", "--cairn.limits.free-disk=1MB", "--logging.level.io.cairn=off");

    /// A model that embeds no passage until it is let go; queries it embeds at once.
    private static final class Slow implements EmbeddingModel {
        private final EmbeddingModel model = EmbeddingModel.inMemory(32);
        private final CountDownLatch letGo = new CountDownLatch(1);

        void letGo() {
            letGo.countDown();
        }

        @Override
        public EmbeddingSpace space() {
            return model.space();
        }

        @Override
        public String provider() {
            return "slow";
        }

        @Override
        public Set<String> languages() {
            return Set.of();
        }

        @Override
        public float[] embedQuery(String query) {
            return model.embedQuery(query);
        }

        @Override
        public List<float[]> embedPassages(List<String> passages) {
            try {
                letGo.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            return model.embedPassages(passages);
        }

        @Override
        public void close() {
            model.close();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class SlowEmbeddings {
        @Bean
        @Primary
        Slow slow() {
            return new Slow();
        }
    }

    private static void fill(RunningCairn cairn) {
        var messages = IntStream.range(0, MESSAGES)
                .mapToObj("{\"role\":\"user\",\"content\":\"Crate %d holds lemons.\"}"::formatted)
                .collect(Collectors.joining(","));
        cairn.post("/v1/conversations/c/messages", "{\"messages\":[%s]}".formatted(messages))
                .has(201);
    }

    private static String dense(RunningCairn cairn) {
        var answer =
                cairn.post("/v1/recall", "{\"query\":\"crate 7\"}").has(200).json();
        assertThat(answer.path("stale").asBoolean()).isFalse();
        assertThat(answer.path("hits")).isNotEmpty();
        return answer.path("dense").asString();
    }

    @Test
    void aNodeWithABacklogOfEmbeddingsIsReadyAndSaysSo(@TempDir Path data) {
        try (var cairn = RunningCairn.start(data, SETTINGS, SlowEmbeddings.class)) {
            fill(cairn);
        }
        // This start finds a log that its dense index has never seen.
        try (var cairn = RunningCairn.start(data, SETTINGS, SlowEmbeddings.class)) {
            await().untilAsserted(() -> cairn.get("/health/ready").has(200));
            var ready = cairn.get("/health/ready").has(200).json();
            assertThat(ready.path("status").asString()).isEqualTo("degraded");
            assertThat(ready.path("failing")).isEmpty();
            assertThat(ready.at("/degraded/0").asString()).isEqualTo("projection:dense");
            var part = cairn.get("/health/detailed")
                    .has(200)
                    .json()
                    .path("components")
                    .valueStream()
                    .filter(found -> found.path("name").asString().equals("projection:dense"))
                    .findFirst()
                    .orElseThrow();
            assertThat(part.path("status").asString()).isEqualTo("degraded");
            assertThat(part.path("detail").asString()).contains("has not caught up");
            assertThat(dense(cairn)).isEqualTo("behind");

            cairn.bean(Slow.class).letGo();
            await().untilAsserted(() -> assertThat(
                            cairn.get("/health/ready").json().path("status").asString())
                    .isEqualTo("up"));
            assertThat(dense(cairn)).isEqualTo("complete");
        }
    }

    @Test
    void aQueryThatCannotBeEmbeddedIsAnsweredByItsWordsAndSaysSo(@TempDir Path data) {
        try (var cairn = RunningCairn.start(data, SETTINGS, Mute.class)) {
            fill(cairn);
            await().untilAsserted(() -> assertThat(dense(cairn)).isEqualTo("silent"));
        }
    }

    /// Embeds passages and no query.
    @Configuration(proxyBeanMethods = false)
    static class Mute {
        @Bean
        @Primary
        EmbeddingModel mute() {
            return new EmbeddingModel() {
                private final EmbeddingModel model = EmbeddingModel.inMemory(32);

                @Override
                public EmbeddingSpace space() {
                    return model.space();
                }

                @Override
                public String provider() {
                    return "mute";
                }

                @Override
                public Set<String> languages() {
                    return Set.of();
                }

                @Override
                public float[] embedQuery(String query) {
                    throw new IllegalStateException("It has no voice");
                }

                @Override
                public List<float[]> embedPassages(List<String> passages) {
                    return model.embedPassages(passages);
                }

                @Override
                public void close() {
                    model.close();
                }
            };
        }
    }
}
