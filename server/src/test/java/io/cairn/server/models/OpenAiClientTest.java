package io.cairn.server.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import io.cairn.server.RunningCairn;
import io.cairn.testkit.ModelReply;
import io.cairn.testkit.ModelServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The official client for Java, with nothing changed but base URL and key.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class OpenAiClientTest {
    private final ModelServer provider = ModelServer.start();
    private RunningCairn cairn;
    private OpenAIClient client;

    @BeforeAll
    void start(@TempDir Path data) {
        cairn = RunningCairn.start(
                data,
                "--cairn.models.providers.main.url=" + provider.url() + "/v1",
                "--cairn.models.providers.main.attempts=1",
                "--cairn.models.providers.main.failures=1000",
                "--cairn.models.embedding.provider=main",
                "--cairn.models.embedding.model=embedder",
                "--cairn.models.embedding.dimensions=8",
                "--cairn.models.chat.small.provider=main");
        client = client(RunningCairn.KEY, 2);
    }

    private OpenAIClient client(String key, int retries) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(cairn.uri("/openai/v1").toString())
                .apiKey(key)
                .maxRetries(retries)
                .build();
    }

    @AfterAll
    void stop() {
        client.close();
        cairn.close();
        provider.close();
    }

    private static ChatCompletionCreateParams.Builder hello(String model) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage("say this word by word");
    }

    private ChatCompletion streamed(ChatCompletionCreateParams params) {
        var whole = ChatCompletionAccumulator.create();
        try (var stream = client.chat().completions().createStreaming(params)) {
            stream.stream().forEach(whole::accumulate);
        }
        return whole.chatCompletion();
    }

    @Test
    void modelsAreListed() {
        assertThat(client.models().list().data().stream().map(Model::id)).contains("small", "embedder");
    }

    @Test
    void vectorsComeAsAskedFor() {
        var params = EmbeddingCreateParams.builder().model("embedder").inputOfArrayOfStrings(List.of("one", "two"));
        var plain = client.embeddings().create(params.build());
        var base64 = client.embeddings()
                .create(params.encodingFormat(EmbeddingCreateParams.EncodingFormat.BASE64)
                        .build());
        var floats = client.embeddings()
                .create(params.encodingFormat(EmbeddingCreateParams.EncodingFormat.FLOAT)
                        .build());

        assertThat(plain.data()).hasSize(2);
        assertThat(plain.data().get(1).embedding())
                .hasSize(8)
                .isEqualTo(floats.data().get(1).embedding());
        assertThat(base64.data().get(1).embedding())
                .isEqualTo(floats.data().get(1).embedding());
    }

    @Test
    void anAnswerComesWhole() {
        var answer = client.chat().completions().create(hello("small").build());

        assertThat(answer.choices().getFirst().message().content()).contains("say this word by word");
        assertThat(answer.usage().orElseThrow().totalTokens()).isEqualTo(10);
    }

    @Test
    void anAnswerComesWordByWord() {
        var answer = streamed(hello("small")
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build());

        assertThat(answer.choices().getFirst().message().content()).contains("say this word by word");
        assertThat(answer.usage().orElseThrow().totalTokens()).isEqualTo(10);
    }

    @Test
    void aStreamedCallOfAToolArrivesWhole() {
        provider.then(WeatherCall.STREAMED);
        var weather = FunctionDefinition.builder()
                .name("weather")
                .parameters(FunctionParameters.builder()
                        .putAdditionalProperty("type", JsonValue.from("object"))
                        .build())
                .build();

        var answer = streamed(hello("small").addFunctionTool(weather).build());

        var call =
                answer.choices().getFirst().message().toolCalls().orElseThrow().getFirst();
        assertThat(call.asFunction().function().name()).isEqualTo("weather");
        assertThat(call.asFunction().function().arguments()).isEqualTo("{\"city\":\"Bonn\"}");
        assertThat(provider.lastRequest().json().at("/tools/0/function/name").asString())
                .isEqualTo("weather");
    }

    @Test
    void errorsAreTheClientsOwn() {
        assertThatThrownBy(
                        () -> client.chat().completions().create(hello("gpt-9").build()))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("gpt-9");
        assertThatThrownBy(() -> client("wrong", 0).models().list()).isInstanceOf(UnauthorizedException.class);
        provider.then(ModelReply.status(400, "{\"error\":{\"message\":\"temperature is too high\"}}"));
        assertThatThrownBy(
                        () -> client.chat().completions().create(hello("small").build()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("temperature is too high");
        provider.then(ModelReply.status(429, "{}"));
        assertThatThrownBy(() -> client(RunningCairn.KEY, 0)
                        .chat()
                        .completions()
                        .create(hello("small").build()))
                .isInstanceOf(RateLimitException.class);
        provider.then(ModelReply.status(500, "{}"));
        assertThatThrownBy(() -> client(RunningCairn.KEY, 0)
                        .chat()
                        .completions()
                        .create(hello("small").build()))
                .isInstanceOf(InternalServerException.class);
    }

    @Test
    void theClientKnowsTheIdOfItsRequest() {
        try (var answer = client.chat()
                .completions()
                .withRawResponse()
                .create(hello("small").build())) {
            assertThat(answer.requestId()).isPresent();
            assertThat(answer.headers().values("X-Correlation-ID"))
                    .containsExactly(answer.requestId().orElseThrow());
        }
        assertThatThrownBy(
                        () -> client.chat().completions().create(hello("gpt-9").build()))
                .isInstanceOfSatisfying(
                        NotFoundException.class,
                        e -> assertThat(e.headers().values("x-request-id")).hasSize(1));
    }

    @Test
    void theClientTriesAgainByItself() {
        provider.then(ModelReply.status(503, "{}"));

        assertThat(client.chat().completions().create(hello("small").build()).choices())
                .hasSize(1);
    }

    @Test
    void aStreamThatBreaksOffIsAnError() {
        provider.then(ModelReply.well().cutAfter(500));

        assertThatThrownBy(() -> streamed(hello("small").build())).isInstanceOf(OpenAIException.class);
    }
}
