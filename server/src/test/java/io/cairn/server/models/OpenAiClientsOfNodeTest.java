package io.cairn.server.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.server.RunningCairn;
import io.cairn.testkit.ModelReply;
import io.cairn.testkit.ModelServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Clients of JavaScript get from Cairn what they get from OpenAI: its own, Vercel's AI SDK and LangChain.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(240)
class OpenAiClientsOfNodeTest {
    private final ModelServer provider = ModelServer.start();
    private RunningCairn cairn;
    private NodeScript node;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        cairn = RunningCairn.start(
                data,
                "--cairn.models.providers.main.url=" + provider.url() + "/v1",
                "--cairn.models.providers.main.attempts=1",
                "--cairn.models.providers.main.failures=1000",
                "--cairn.models.embedding.provider=main",
                "--cairn.models.embedding.model=embedder",
                "--cairn.models.embedding.dimensions=8",
                "--cairn.models.chat.small.provider=main");
        node = NodeScript.start(
                "clients.mjs", Map.of("BASE_URL", cairn.uri("/openai/v1").toString(), "API_KEY", RunningCairn.KEY));
    }

    @AfterAll
    void stop() {
        if (node != null) {
            node.close();
        }
        cairn.close();
        provider.close();
    }

    @BeforeEach
    void well() {
        provider.otherwise(ModelReply.well());
    }

    private JsonNode asked(String client, String what) throws IOException {
        var answer = node.ask(client + " " + what);
        assertThat(answer.path("failed").asString("")).isEmpty();
        return answer;
    }

    @Test
    void modelsAreListed() throws IOException {
        assertThat(asked("openai", "models").toString()).contains("\"small\"", "\"embedder\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "ai", "langchain"})
    void vectorsAreTheProvidersHoweverTheyTravel(String client) throws Exception {
        var provided = ProvidersVectors.of(provider);

        var ways = asked(client, "embeddings");

        assertThat(ways).isNotEmpty();
        for (var vectors : ways) {
            provided.assertAre(StreamSupport.stream(vectors.spliterator(), false)
                    .map(ProvidersVectors::numbers)
                    .toList());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "ai", "langchain"})
    void whatPassesIsTriedAgainByTheClient(String client) throws IOException {
        int before = provider.requests().size();
        provider.then(ModelReply.status(503, "{\"error\":{\"message\":\"as it says\"}}"));

        assertThat(asked(client, "retried").path("text").asString()).startsWith("say this word by word");
        assertThat(provider.requests()).hasSize(before + 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "ai", "langchain"})
    void anAnswerComesWholeAndWordByWord(String client) throws IOException {
        for (var way : new String[] {"whole", "streamed"}) {
            var answer = asked(client, way);
            assertThat(answer.path("text").asString()).startsWith("say this word by word");
            assertThat(answer.path("tokens").asInt()).isEqualTo(10);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "ai", "langchain"})
    void aStreamedCallOfAToolArrivesWhole(String client) throws IOException {
        provider.then(WeatherCall.STREAMED);

        var call = asked(client, "tools");

        assertThat(call.path("name").asString()).isEqualTo("weather");
        assertThat(call.at("/arguments/city").asString()).isEqualTo("Bonn");
        assertThat(provider.lastRequest().json().at("/tools/0/function/name").asString())
                .isEqualTo("weather");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai", "ai", "langchain"})
    void errorsAreTheClientsOwn(String client) throws IOException {
        var unknown = asked(client, "unknown");
        assertThat(unknown.path("status").asInt()).isEqualTo(404);
        assertThat(unknown.path("message").asString()).contains("gpt-9");
        for (int status : new int[] {400, 429, 503}) {
            provider.then(ModelReply.status(status, "{\"error\":{\"message\":\"as it says\"}}"));
            var failed = asked(client, "failing");
            assertThat(failed.path("status").asInt()).isEqualTo(status);
            assertThat(failed.path("message").asString()).contains("as it says");
        }
    }

    @Test
    void openAisOwnClientKnowsItsErrorsTriesAgainAndNoticesWhatBreaksOff() throws IOException {
        assertThat(asked("openai", "wrongKey").path("name").asString()).isEqualTo("AuthenticationError");
        provider.then(ModelReply.status(429, "{}"));
        assertThat(asked("openai", "failing").path("name").asString()).isEqualTo("RateLimitError");
        provider.then(ModelReply.status(503, "{}"));
        assertThat(asked("openai", "whole").path("text").asString()).startsWith("say this");
        provider.then(ModelReply.well().cutAfter(500));
        assertThat(asked("openai", "breaking").path("message").asString()).isNotEmpty();
    }

    @Test
    void openAisOwnClientKnowsTheIdOfItsRequest() throws IOException {
        var ids = asked("openai", "requestId");
        assertThat(ids.path("known").asString()).isNotEmpty();
        assertThat(ids.path("known")).isEqualTo(ids.path("correlation"));
        assertThat(asked("openai", "unknown").path("request").asString()).isNotEmpty();
    }

    @Test
    void aChatIsRememberedWithNothingButHeaders() throws IOException {
        assertThat(asked("openai", "remembered").asString()).isEqualTo("remembered");
    }
}
