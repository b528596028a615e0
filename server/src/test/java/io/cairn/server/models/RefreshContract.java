package io.cairn.server.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.server.EmbeddingSettings;
import io.cairn.server.RunningCairn;
import io.cairn.testkit.ModelRequest;
import io.cairn.testkit.ModelServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Changing the embedding model of a server that goes on answering.
abstract class RefreshContract {
    private static final int MESSAGES = 60;
    private static final String SMALL = "small";
    private static final String LARGE = "large";

    @TempDir
    Path data;

    private ModelServer provider;

    /// Where the log and its vectors are kept; made anew.
    abstract List<String> store();

    private List<String> store = List.of();

    @BeforeEach
    void startProvider() {
        provider = ModelServer.start();
        store = store();
    }

    @AfterEach
    void stopProvider() {
        provider.close();
    }

    private RunningCairn start(String... more) {
        var settings = new ArrayList<>(store);
        settings.add("--cairn.models.providers.main.url=" + provider.url() + "/v1");
        settings.addAll(List.of(more));
        return RunningCairn.start(data, settings);
    }

    private RunningCairn before() {
        return start(EmbeddingSettings.present(SMALL, 32).toArray(String[]::new));
    }

    private RunningCairn after(String... more) {
        var settings = new ArrayList<>(EmbeddingSettings.present(LARGE, 1536));
        settings.addAll(EmbeddingSettings.former(SMALL, 32));
        settings.add("--cairn.models.refresh.batch=10");
        settings.addAll(List.of(more));
        return start(settings.toArray(String[]::new));
    }

    @Test
    void theOldIndexAnswersUntilTheNewOneIsCompleteAndComparedAndComesBackWithOneCommand() throws Exception {
        fill();
        try (var cairn = after("--cairn.models.refresh.texts-per-minute=1200")) {
            assertThat(models(cairn).path("outdated").asBoolean()).isTrue();
            assertThat(models(cairn).path("answering").asString()).startsWith(SMALL);
            assertThat(models(cairn).path("wanted").asString()).startsWith(LARGE);
            assertThat(recall(cairn, 7)).contains("\"dense\":\"complete\"");

            try (var traffic = new Traffic(cairn)) {
                refresh(cairn, false);
                await().until(() -> last(cairn).path("done").asInt() >= 10);
                assertThat(last(cairn).path("phase").asString()).isEqualTo("embedding");
                assertThat(models(cairn).path("answering").asString()).startsWith(SMALL);

                cairn.post("/v1/models/refresh/pause", "{}").has(200);
                assertThat(last(cairn).path("paused").asBoolean()).isTrue();
                cairn.post("/v1/models/refresh/resume", "{}").has(200);
                traffic.awaitMore();
            }
            assertThat(last(cairn).path("phase").asString()).isEqualTo("embedding");
        }

        // What was under way goes on by itself. Nobody has asked anything since the start, so the rule is against it.
        // The vectors of the scripted provider are random, so that the indexes need not agree.
        try (var cairn = after("--cairn.models.refresh.overlap-min=0")) {
            awaitPhase(cairn, "refused");
            assertThat(last(cairn).path("reason").asString()).contains("too little to compare by");
            assertThat(models(cairn).path("answering").asString()).startsWith(SMALL);
            assertThat(passages()).as("no text goes to the new model twice").doesNotHaveDuplicates();
            long asked = ofCrates();

            for (int i = 0; i < 25; i++) {
                recall(cairn, i);
            }
            try (var traffic = new Traffic(cairn)) {
                refresh(cairn, false);
                awaitPhase(cairn, "switched");
                traffic.awaitMore();
            }
            assertThat(ofCrates()).as("only what came in meanwhile is embedded").isEqualTo(asked);
            assertThat(models(cairn).path("answering").asString()).startsWith(LARGE);
            assertThat(models(cairn).path("outdated").asBoolean()).isFalse();
            assertThat(models(cairn).path("former").asString()).startsWith(SMALL);
            var comparison = last(cairn).path("comparison");
            assertThat(comparison.path("queries").asInt()).isGreaterThanOrEqualTo(25);
            assertThat(comparison.path("overlap").asDouble()).isBetween(0.0, 1.0);
            awaitComplete(cairn);

            try (var traffic = new Traffic(cairn)) {
                cairn.post("/v1/models/refresh/rollback", "{}").has(202);
                awaitPhase(cairn, "rolled_back");
                traffic.awaitMore();
            }
            assertThat(models(cairn).path("answering").asString()).startsWith(SMALL);
            awaitComplete(cairn);
        }
        try (var cairn = after()) {
            assertThat(models(cairn).path("answering").asString()).startsWith(SMALL);
            awaitComplete(cairn);
        }
    }

    @Test
    void whoAcceptsSwitchesWithoutAComparisonAndWhoCancelsKeepsTheOldIndex() {
        fill();
        try (var cairn = after("--cairn.models.refresh.texts-per-minute=60")) {
            refresh(cairn, false);
            await().until(() -> last(cairn).path("total").asInt() > 0);
            cairn.post("/v1/models/refresh/cancel", "{}").has(200);
            awaitPhase(cairn, "cancelled");
            assertThat(models(cairn).path("answering").asString()).startsWith(SMALL);
            cairn.post("/v1/models/refresh/rollback", "{}").isProblem(409, "no_way_back");
        }
        try (var cairn = after()) {
            refresh(cairn, true);
            awaitPhase(cairn, "switched");
            assertThat(models(cairn).path("answering").asString()).startsWith(LARGE);
            await().untilAsserted(() -> assertThat(
                            cairn.get("/metrics").has(200).response().body())
                    .contains("model_outdated 0", "model_refresh_phase{phase=\"switched\"} 1"));
        }
        try (var cairn = after()) {
            awaitComplete(cairn);
            assertThat(models(cairn).path("answering").asString()).startsWith(LARGE);
        }
    }

    @Test
    void whatAChangeWillTakeIsToldBeforeItBeginsWithinATenth() {
        fill(i -> text(i) + " Ripe and sweet.".repeat(i % 17));
        try (var cairn =
                after("--cairn.models.prices.large.input=0.13", "--cairn.models.refresh.texts-per-minute=6000")) {
            cairn.post("/v1/models/refresh", "{\"estimate_only\":true}").has(202);
            awaitPhase(cairn, "estimated");
            var estimate = last(cairn).path("estimate");
            int texts = estimate.path("texts").asInt();
            assertThat(texts)
                    .as("each message, and most with what was said before")
                    .isGreaterThan(MESSAGES);
            assertThat(passages()).as("of one batch the tokens are counted").hasSize(10);
            assertThat(models(cairn).path("answering").asString()).startsWith(SMALL);
            assertThat(estimate.path("seconds").asDouble()).isGreaterThanOrEqualTo(texts / 100.0);
            long sampled = last(cairn).path("tokens").asLong();

            refresh(cairn, false);
            awaitPhase(cairn, "refused");
            double taken = sampled + last(cairn).path("tokens").asLong();
            assertThat(passages())
                    .as("what was sampled is not embedded again")
                    .hasSize(texts)
                    .doesNotHaveDuplicates();
            assertThat(estimate.path("tokens").asDouble()).isBetween(.9 * taken, 1.1 * taken);
            double cost = taken * .13 / 1_000_000;
            assertThat(estimate.path("cost").asDouble()).isBetween(.9 * cost, 1.1 * cost);
            assertThat(estimate.path("currency").asString()).isEqualTo("USD");
            assertThat(last(cairn).at("/estimate/texts").asInt()).isEqualTo(texts - 10);
        }
    }

    @Test
    void aChangeWaitsWhereItWouldTakeMoreThanItMayAndSaysSo() {
        fill();
        try (var cairn = after("--cairn.models.refresh.tokens-max=100")) {
            refresh(cairn, false);
            awaitPaused(cairn, "cairn.models.refresh.tokens-max allows 100");
            assertThat(last(cairn).path("phase").asString()).isEqualTo("estimating");
            assertThat(passages()).as("but for the sample nothing was embedded").hasSize(10);
        }
        // The rest is slow enough to be met in its midst.
        try (var cairn = after("--cairn.models.refresh.texts-per-minute=300")) {
            cairn.post("/v1/models/refresh/resume", "{}").has(200);
            await().until(() -> last(cairn).path("done").asInt() >= 20);
        }
        long taken;
        try (var cairn = after("--cairn.models.refresh.tokens-max=150")) {
            awaitPaused(cairn, "cairn.models.refresh.tokens-max allows 150");
            assertThat(last(cairn).path("phase").asString()).isEqualTo("embedding");
            taken = last(cairn).path("tokens").asLong();
            assertThat(passages()).hasSizeLessThan(2 * MESSAGES - 10);
        }
        try (var cairn = after()) {
            cairn.post("/v1/models/refresh/resume", "{}").has(200);
            awaitPhase(cairn, "refused");
            assertThat(passages()).hasSizeGreaterThan(2 * MESSAGES - 10).doesNotHaveDuplicates();
            assertThat(last(cairn).path("tokens").asLong()).isGreaterThan(taken);
        }
    }

    private static void awaitPaused(RunningCairn cairn, String reason) {
        await().untilAsserted(() -> {
            assertThat(last(cairn).path("paused").asBoolean())
                    .as(last(cairn).toString())
                    .isTrue();
            assertThat(last(cairn).path("reason").asString()).contains(reason);
        });
    }

    private void fill() {
        fill(RefreshContract::text);
    }

    private void fill(IntFunction<String> text) {
        try (var cairn = before()) {
            for (int i = 0; i < MESSAGES; i++) {
                say(cairn, "m" + i, text.apply(i));
            }
            awaitComplete(cairn);
            assertThat(models(cairn).path("outdated").asBoolean()).isFalse();
        }
    }

    private static String text(int i) {
        return "Crate number %d holds the pears of farm %d.".formatted(i, i * 7);
    }

    private static void say(RunningCairn cairn, String id, String text) {
        cairn.post(
                        "/v1/conversations/c/messages",
                        "{\"messages\":[{\"id\":\"%s\",\"role\":\"user\",\"content\":\"%s\"}]}".formatted(id, text))
                .has(201);
    }

    private static String recall(RunningCairn cairn, int i) {
        return cairn.post("/v1/recall", "{\"query\":\"crate number %d\"}".formatted(i))
                .has(200)
                .response()
                .body();
    }

    private static void awaitComplete(RunningCairn cairn) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(recall(cairn, 3)).contains("\"dense\":\"complete\""));
    }

    private static JsonNode models(RunningCairn cairn) {
        return cairn.get("/v1/models").has(200).json();
    }

    private static JsonNode last(RunningCairn cairn) {
        return models(cairn).path("refresh");
    }

    private static void refresh(RunningCairn cairn, boolean accept) {
        cairn.post("/v1/models/refresh", "{\"accept\":%s}".formatted(accept)).has(202);
    }

    private static void awaitPhase(RunningCairn cairn, String phase) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(last(cairn).path("phase").asString())
                        .as(last(cairn).toString())
                        .isEqualTo(phase));
    }

    private long ofCrates() {
        return passages().stream()
                .filter(text -> text.startsWith("user: Crate"))
                .count();
    }

    /// Passages that the new model was given, queries left out.
    private List<String> passages() {
        var texts = new ArrayList<String>();
        for (ModelRequest request : provider.requests()) {
            if (request.json().path("model").asString().equals(LARGE)) {
                request.json().path("input").forEach(text -> texts.add(text.asString()));
            }
        }
        texts.removeIf(text -> !text.startsWith("user: "));
        return texts;
    }

    /// Whoever asks and says things all the time; nothing of it may fail, and no answer may lack its meaning.
    private static final class Traffic implements AutoCloseable {
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final AtomicInteger rounds = new AtomicInteger();
        private final Thread thread;
        private volatile @Nullable Throwable failure;

        Traffic(RunningCairn cairn) {
            int first = (int) (System.nanoTime() % 1_000_000);
            thread = Thread.ofVirtual().start(() -> {
                try {
                    while (!stopped.get()) {
                        int i = rounds.incrementAndGet();
                        say(cairn, "t%d-%d".formatted(first, i), "Barrel %d of lot %d is full.".formatted(i, first));
                        assertThat(recall(cairn, i % 25)).doesNotContain("\"dense\":\"silent\"");
                    }
                } catch (Throwable e) {
                    failure = e;
                }
            });
        }

        void awaitMore() {
            int now = rounds.get();
            await().until(() -> failure != null || rounds.get() > now + 3);
        }

        @Override
        public void close() {
            stopped.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            assertThat(failure).isNull();
        }
    }
}
