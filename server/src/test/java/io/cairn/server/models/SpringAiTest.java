package io.cairn.server.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.openai.errors.NotFoundException;
import io.cairn.server.RunningCairn;
import io.cairn.testkit.ModelReply;
import io.cairn.testkit.ModelServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.OpenAiEmbeddingModel;
import org.springframework.ai.openai.OpenAiEmbeddingOptions;
import org.springframework.ai.tool.function.FunctionToolCallback;

/// Spring AI, with nothing changed but base URL and key.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class SpringAiTest {
    private final ModelServer provider = ModelServer.start();
    private RunningCairn cairn;

    @BeforeAll
    void start(@TempDir Path data) {
        cairn = RunningCairn.start(
                data,
                "--cairn.models.providers.main.url=" + provider.url() + "/v1",
                "--cairn.models.providers.main.attempts=1",
                "--cairn.models.embedding.provider=main",
                "--cairn.models.embedding.model=embedder",
                "--cairn.models.embedding.dimensions=8",
                "--cairn.models.chat.small.provider=main");
    }

    @AfterAll
    void stop() {
        cairn.close();
        provider.close();
    }

    private String url() {
        return cairn.uri("/openai/v1").toString();
    }

    private OpenAiChatOptions.Builder options(String model) {
        return OpenAiChatOptions.builder()
                .baseUrl(url())
                .apiKey(RunningCairn.KEY)
                .model(model)
                .streamUsage(true)
                .maxRetries(0);
    }

    private static OpenAiChatModel chat(OpenAiChatOptions options) {
        return OpenAiChatModel.builder().options(options).build();
    }

    private static List<ChatResponse> streamed(OpenAiChatOptions options, String question) {
        return Objects.requireNonNull(chat(options).stream(new Prompt(question, options))
                .collectList()
                .block());
    }

    private static List<String> texts(List<ChatResponse> pieces) {
        return pieces.stream()
                .flatMap(piece -> piece.getResults().stream())
                .map(result -> result.getOutput().getText())
                .filter(text -> text != null && !text.isEmpty())
                .toList();
    }

    @Test
    void vectorsAreTheProviders() throws Exception {
        var model = OpenAiEmbeddingModel.builder()
                .options(OpenAiEmbeddingOptions.builder()
                        .baseUrl(url())
                        .apiKey(RunningCairn.KEY)
                        .model("embedder")
                        .build())
                .build();

        ProvidersVectors.of(provider).assertAre(model.embed(List.of("one", "two")));
    }

    @Test
    void whatPassesIsTriedAgainByTheClient() {
        int before = provider.requests().size();
        provider.then(ModelReply.status(503, "{}"));
        var options = options("small").maxRetries(1).build();

        var answer = chat(options).call(new Prompt("say this", options));

        assertThat(Objects.requireNonNull(answer.getResult()).getOutput().getText())
                .isEqualTo("say this");
        assertThat(provider.requests()).hasSize(before + 2);
    }

    @Test
    void anAnswerComesWhole() {
        var options = options("small").build();
        var answer = chat(options).call(new Prompt("say this word by word", options));

        assertThat(Objects.requireNonNull(answer.getResult()).getOutput().getText())
                .isEqualTo("say this word by word");
        assertThat(answer.getMetadata().getUsage().getTotalTokens()).isPositive();
    }

    @Test
    void anAnswerComesWordByWord() {
        var pieces = streamed(options("small").build(), "say this word");

        assertThat(texts(pieces)).containsExactly("say ", "this ", "word");
        assertThat(pieces)
                .anySatisfy(piece -> assertThat(piece.getMetadata().getUsage().getTotalTokens())
                        .isEqualTo(6));
    }

    @Test
    void aStreamedCallOfAToolArrivesWhole() {
        provider.then(ModelReply.text("""
            data: {"id":"c-1","object":"chat.completion.chunk","created":1700000000,"model":"small","choices":[{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"weather","arguments":""}}]}}]}

            data: {"id":"c-1","object":"chat.completion.chunk","created":1700000000,"model":"small","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\\"city\\":\\"Bonn\\"}"}}]}}]}

            data: {"id":"c-1","object":"chat.completion.chunk","created":1700000000,"model":"small","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}

            data: [DONE]

            """));
        var weather = FunctionToolCallback.builder("weather", (Map<String, Object> asked) -> "fair")
                .description("how the weather is")
                .inputType(Map.class)
                .build();

        var pieces = streamed(options("small").toolCallbacks(weather).build(), "how is it in Bonn");

        assertThat(pieces.stream()
                        .flatMap(piece -> piece.getResults().stream())
                        .map(result -> result.getOutput())
                        .flatMap(said -> said.getToolCalls().stream())
                        .toList())
                .extracting(AssistantMessage.ToolCall::name, AssistantMessage.ToolCall::arguments)
                .containsExactly(tuple("weather", "{\"city\":\"Bonn\"}"));
        assertThat(provider.lastRequest().json().at("/tools/0/function/name").asString())
                .isEqualTo("weather");
    }

    @Test
    void aModelThatIsNotThereIsTheClientsOwnError() {
        var options = options("gpt-9").build();
        assertThatThrownBy(() -> chat(options).call(new Prompt("hi", options)))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("gpt-9");
    }
}
