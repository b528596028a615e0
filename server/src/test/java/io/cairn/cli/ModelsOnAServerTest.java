package io.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.server.EmbeddingSettings;
import io.cairn.server.RunningCairn;
import io.cairn.testkit.ModelServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `cairn models …` as an operator types it, against a server whose configuration names another model than the one that
/// answers.
@Timeout(120)
class ModelsOnAServerTest {
    private static final int MESSAGES = 30;
    private static final String EMBED = "{\"model\":\"%s\",\"input\":\"A jug of perry.\"}";

    @TempDir
    Path data;

    private final ModelServer provider = ModelServer.start();

    @BeforeEach
    void fill() {
        try (var cairn = start("small")) {
            for (int i = 0; i < MESSAGES; i++) {
                cairn.post(
                                "/v1/conversations/c/messages",
                                "{\"messages\":[{\"role\":\"user\",\"content\":\"Barrel %d is full of cider.\"}]}"
                                        .formatted(i))
                        .has(201);
            }
            await().untilAsserted(() -> assertThat(recalled(cairn)).contains("\"dense\":\"complete\""));
        }
    }

    @AfterEach
    void stopProvider() {
        provider.close();
    }

    private RunningCairn start(String model, String... more) {
        var settings = new ArrayList<>(EmbeddingSettings.present(model, 32));
        settings.addAll(List.of(
                "--cairn.models.providers.main.url=" + provider.url() + "/v1",
                "--cairn.models.refresh.batch=10",
                // Random vectors need not agree, and a busy machine may be slow.
                "--cairn.models.refresh.overlap-min=0",
                "--cairn.models.refresh.slower-by-max=1m"));
        settings.addAll(List.of(more));
        return RunningCairn.start(data, settings);
    }

    private RunningCairn changed(String... more) {
        var settings = new ArrayList<>(EmbeddingSettings.former("small", 32));
        settings.addAll(List.of(more));
        return start("large", settings.toArray(String[]::new));
    }

    private static String recalled(RunningCairn cairn) {
        return cairn.post("/v1/recall", "{\"query\":\"full of cider\"}")
                .has(200)
                .response()
                .body();
    }

    @Test
    void aChangeIsEstimatedPausedResumedFollowedAndTakenBack() {
        try (var cairn = changed(
                "--cairn.models.refresh.queries-min=0",
                "--cairn.models.refresh.texts-per-minute=900",
                "--cairn.models.prices.large.input=100000")) {
            var commands = new Commands(cairn, "default");
            var before = commands.call(Commands.words("cairn models"));
            assertThat(before.out()).startsWith("Answering  small").contains("Wanted     large");
            assertThat(before.err()).contains("To change the model: cairn models refresh");

            var estimate = commands.run("models refresh --estimate");
            assertThat(estimate).containsPattern("Estimate {3}59 texts, \\d+ tokens, [\\d.]+ USD, 4 s");
            assertThat(estimate).contains("Change     estimated").startsWith("Answering  small");

            assertThat(commands.run("models refresh --no-wait")).contains("Change     ");
            assertThat(commands.run("models pause")).contains(", paused");
            assertThat(commands.run("models refresh"))
                    .as("what is paused is not waited for")
                    .contains(", paused");
            assertThat(commands.run("models resume")).doesNotContain("paused");

            var switched = commands.call(Commands.words("cairn models refresh"));
            assertThat(switched.exit()).as(switched.out()).isZero();
            assertThat(switched.out())
                    .startsWith("Answering  large")
                    .contains("Wanted     the same", "Former     small", "Change     switched", "Compared   ", "Taken");

            var back = commands.run("models rollback");
            assertThat(back).startsWith("Answering  small").contains("Change     rolled back");
            assertThat(commands.run("models invalidate large*"))
                    .contains("LEVEL", "memory", "store")
                    .containsPattern("store +5\\d");
            assertThat(commands.run("models cancel")).contains("Change     rolled back");
        }
    }

    @Test
    void aChangeThatTheRuleIsAgainstEndsWithACodeOfItsOwnAndIsAcceptedByAWord() {
        try (var cairn = changed()) {
            var commands = new Commands(cairn, "default");
            var refused = commands.call(Commands.words("cairn models refresh"));
            assertThat(refused.exit()).isEqualTo(Exit.REFUSED);
            assertThat(refused.out()).contains("Change     refused", "too little to compare by");
            assertThat(refused.err()).contains("cairn models refresh --accept");
            assertThat(commands.call(Commands.words("cairn models status --json"))
                            .exit())
                    .isEqualTo(Exit.REFUSED);

            assertThat(commands.run("models refresh --accept")).startsWith("Answering  large");
        }
    }

    @Test
    void theFormerModelsVectorsLeaveTheMemoryTooWhileItAnswers() {
        try (var cairn = changed()) {
            await().untilAsserted(() -> assertThat(recalled(cairn)).contains("\"dense\":\"complete\""));
            int asked = provider.requests().size();
            recalled(cairn);
            assertThat(provider.requests()).as("the query is at hand").hasSize(asked);

            assertThat(new Commands(cairn, "default").run("models invalidate small"))
                    .containsPattern("memory +[1-9]");

            recalled(cairn);
            assertThat(provider.requests()).as("it is asked for anew").hasSizeGreaterThan(asked);
        }
    }

    @Test
    void aChangeIsGivenUp() {
        try (var cairn = changed("--cairn.models.refresh.texts-per-minute=1")) {
            var commands = new Commands(cairn, "default");
            commands.run("models refresh --no-wait");
            assertThat(commands.run("models cancel")).contains("Change     cancelled");
            var none = commands.call(Commands.words("cairn models rollback"));
            assertThat(none.exit()).isNotZero();
            assertThat(none.err()).contains("There is no index of another model");
        }
    }

    @Test
    void clientsOfOpenAisMayAskForTheFormerModelWhileItAnswers() {
        try (var cairn = changed()) {
            await().untilAsserted(() -> assertThat(recalled(cairn)).contains("\"dense\":\"complete\""));

            assertThat(cairn.get("/openai/v1/models").has(200).json().findValuesAsString("id"))
                    .containsExactlyInAnyOrder("small", "large");
            for (var model : List.of("small", "large")) {
                assertThat(cairn.post("/openai/v1/embeddings", EMBED.formatted(model))
                                .has(200)
                                .text("/model"))
                        .isEqualTo(model);
                assertThat(provider.lastRequest().json().path("model").asString())
                        .isEqualTo(model);
            }
            cairn.post("/openai/v1/embeddings", EMBED.formatted("gone")).has(404);
        }
    }
}
