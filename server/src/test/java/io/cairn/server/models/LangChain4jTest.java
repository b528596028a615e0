package io.cairn.server.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import io.cairn.server.RunningCairn;
import io.cairn.testkit.ModelReply;
import io.cairn.testkit.ModelServer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// LangChain4j, with nothing changed but base URL and key.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class LangChain4jTest {
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

    private OpenAiChatModel chat(String model) {
        return chat(model, 0);
    }

    private OpenAiChatModel chat(String model, int retries) {
        return OpenAiChatModel.builder()
                .baseUrl(url())
                .apiKey(RunningCairn.KEY)
                .modelName(model)
                .maxRetries(retries)
                .build();
    }

    /// The whole answer, once its last piece has come.
    private ChatResponse streamed(ChatRequest request, StringBuilder said) {
        var answer = new CompletableFuture<ChatResponse>();
        OpenAiStreamingChatModel.builder()
                .baseUrl(url())
                .apiKey(RunningCairn.KEY)
                .modelName("small")
                .build()
                .chat(request, new StreamingChatResponseHandler() {
                    @Override
                    public void onPartialResponse(String piece) {
                        said.append(piece).append('|');
                    }

                    @Override
                    public void onCompleteResponse(ChatResponse whole) {
                        answer.complete(whole);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(failure);
                    }
                });
        return answer.join();
    }

    @Test
    void vectorsAreTheProviders() throws Exception {
        var model = OpenAiEmbeddingModel.builder()
                .baseUrl(url())
                .apiKey(RunningCairn.KEY)
                .modelName("embedder")
                .build();

        var vectors = model.embedAll(List.of(TextSegment.from("one"), TextSegment.from("two")))
                .content();

        ProvidersVectors.of(provider)
                .assertAre(vectors.stream().map(Embedding::vector).toList());
    }

    @Test
    void whatPassesIsTriedAgainByTheClient() {
        int before = provider.requests().size();
        provider.then(ModelReply.status(503, "{}"));

        assertThat(chat("small", 1).chat("say this")).isEqualTo("say this");
        assertThat(provider.requests()).hasSize(before + 2);
    }

    @Test
    void anAnswerComesWhole() {
        assertThat(chat("small").chat("say this word by word")).isEqualTo("say this word by word");
    }

    @Test
    void anAnswerComesWordByWord() {
        var said = new StringBuilder();
        var request = ChatRequest.builder()
                .messages(UserMessage.from("say this word"))
                .build();

        var answer = streamed(request, said);

        assertThat(said).hasToString("say |this |word|");
        assertThat(answer.aiMessage().text()).isEqualTo("say this word");
        assertThat(answer.tokenUsage().totalTokenCount()).isEqualTo(6);
    }

    @Test
    void aStreamedCallOfAToolArrivesWhole() {
        provider.then(ModelReply.text("""
            data: {"choices":[{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"weather","arguments":""}}]}}]}

            data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\\"city\\":\\"Bonn\\"}"}}]}}]}

            data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}

            data: [DONE]

            """));
        var weather = ToolSpecification.builder()
                .name("weather")
                .parameters(JsonObjectSchema.builder().addStringProperty("city").build())
                .build();
        var request = ChatRequest.builder()
                .messages(UserMessage.from("how is it in Bonn"))
                .toolSpecifications(weather)
                .build();

        var answer = streamed(request, new StringBuilder());

        assertThat(answer.aiMessage().toolExecutionRequests()).singleElement().satisfies(call -> {
            assertThat(call.name()).isEqualTo("weather");
            assertThat(call.arguments()).isEqualTo("{\"city\":\"Bonn\"}");
        });
    }

    @Test
    void aModelThatIsNotThereIsTheClientsOwnError() {
        assertThatThrownBy(() -> chat("gpt-9").chat("hi")).isInstanceOf(ModelNotFoundException.class);
    }
}
