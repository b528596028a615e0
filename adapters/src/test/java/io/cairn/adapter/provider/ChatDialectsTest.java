package io.cairn.adapter.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.guard.Deadline;
import io.cairn.model.ChatDeadlines;
import io.cairn.model.ChatLimits;
import io.cairn.model.ChatModel;
import io.cairn.model.ChatPiece;
import io.cairn.model.ModelException;
import io.cairn.model.ModelException.Kind;
import io.cairn.model.Usage;
import io.cairn.testkit.ModelReply;
import io.cairn.testkit.ModelRequest;
import io.cairn.testkit.ModelServer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Whatever a provider speaks, its answers come in OpenAI's form.
@Timeout(30)
class ChatDialectsTest {
    private static final ChatLimits LIMITS =
            new ChatLimits(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(10));

    private final ModelServer server = ModelServer.start();
    private final ProviderHttp http = new ProviderHttp(
            new Provider("scripted", server.url(), ProviderKey.of("secret"), Provider.Auth.X_API_KEY, Map.of("v", "1")),
            Instant::now);

    enum Dialect {
        OPENAI("/chat/completions"),
        ANTHROPIC("/messages"),
        OLLAMA("/api/chat");

        private final String path;

        Dialect(String path) {
            this.path = path;
        }

        ChatModel of(ProviderHttp http) {
            return switch (this) {
                case OPENAI -> new OpenAiChat(http, path);
                case ANTHROPIC -> new AnthropicChat(http, path, Instant::now);
                case OLLAMA -> new OllamaChat(http, path, Instant::now);
            };
        }
    }

    @AfterEach
    void close() {
        http.close();
        server.close();
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aWholeAnswerComesInOpenAisForm(Dialect dialect) {
        var answer = dialect.of(http).answer(request("say this"), Deadline.in(Duration.ofSeconds(5)));

        var json = Json.MAPPER.readTree(answer.body());
        assertThat(json.at("/choices/0/message/content").asString()).isEqualTo("say this");
        assertThat(json.at("/choices/0/message/role").asString()).isEqualTo("assistant");
        assertThat(json.at("/choices/0/finish_reason").asString()).isEqualTo("stop");
        assertThat(answer.usage()).isEqualTo(new Usage(2, 2, false));
        assertThat(json.at("/usage/total_tokens").asInt()).isEqualTo(4);
        assertThat(server.lastRequest().header("x-api-key")).contains("secret");
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aStreamComesInOpenAisFormHoweverItsBytesAreCut(Dialect dialect) {
        server.then(
                ModelReply.well(),
                ModelReply.well().in(1, Duration.ZERO),
                ModelReply.well().in(7, Duration.ZERO));

        for (int i = 0; i < 3; i++) {
            var pieces = read(dialect, "say this word by word");

            assertThat(text(pieces)).isEqualTo("say this word by word");
            assertThat(json(pieces.getFirst()).at("/choices/0/delta/role").asString())
                    .isEqualTo("assistant");
            assertThat(json(pieces.get(pieces.size() - 2))
                            .at("/choices/0/finish_reason")
                            .asString())
                    .isEqualTo("stop");
            assertThat(pieces.getLast().usageOnly()).isTrue();
            assertThat(pieces.getLast().usage()).contains(new Usage(5, 5, false));
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aStreamThatIsCutGivesWhatItSaidAndThenSaysSo(Dialect dialect) {
        server.then(ModelReply.well().cutAfter(dialect == Dialect.OLLAMA ? 150 : 700));
        var said = new ArrayList<ChatPiece>();

        assertThatThrownBy(() -> read(dialect, "say this word by word", said))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.AWAY));
        assertThat(text(said)).startsWith("say ");
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aStreamThatEndsCleanlyBeforeItIsWholeIsNotTakenForWhole(Dialect dialect) {
        server.then(ModelReply.text(""));

        assertThatThrownBy(() -> read(dialect, "x"))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.AWAY));
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void garbageIsNoAnswer(Dialect dialect) {
        server.then(ModelReply.text("<html>"), ModelReply.text("data: <html>\n\n"), ModelReply.text("{}"));

        assertThatThrownBy(() -> dialect.of(http).answer(request("x"), Deadline.in(Duration.ofSeconds(5))))
                .hasMessageContaining("no JSON");
        assertThatThrownBy(() -> read(dialect, "x")).isInstanceOf(ModelException.class);
        assertThatThrownBy(() -> dialect.of(http).answer(request("x"), Deadline.in(Duration.ofSeconds(5))))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.GARBLED));
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aSlowStreamIsLeftWhenItsTimeIsOver(Dialect dialect) throws Exception {
        server.then(ModelReply.well().in(20, Duration.ofMillis(100)));
        var short300 = new ChatLimits(Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofMillis(400));

        assertThatThrownBy(() -> {
                    try (var stream =
                            dialect.of(http).stream(request("say this word by word"), ChatDeadlines.in(short300))) {
                        while (stream.next().isPresent()) {
                            assertThat(server.requests()).hasSize(1);
                        }
                    }
                })
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.SILENT));
        assertThat(server.lastRequest().end().get()).isEqualTo(ModelRequest.End.CLIENT_GONE);
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aStreamThatFallsSilentInItsMidstIsLeftLongBeforeItsTimeIsOver(Dialect dialect) throws Exception {
        server.then(ModelReply.well().in(dialect == Dialect.OLLAMA ? 150 : 700, Duration.ofMinutes(1)));
        var limits = new ChatLimits(Duration.ofMinutes(1), Duration.ofMillis(300), Duration.ofMinutes(1));

        assertIsLeftInItsMidst(dialect, "say this word by word", limits);
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aStreamThatGoesOnAndOnIsLeftWhenItsTimeIsOver(Dialect dialect) throws Exception {
        server.then(ModelReply.well().in(700, Duration.ofMillis(100)));
        var limits = new ChatLimits(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofSeconds(1));

        assertIsLeftInItsMidst(dialect, "say " + "and on ".repeat(100), limits);
    }

    private void assertIsLeftInItsMidst(Dialect dialect, String text, ChatLimits limits) throws Exception {
        var said = new ArrayList<ChatPiece>();

        assertThatThrownBy(() -> read(dialect, text, limits, said))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.SILENT));

        assertThat(text(said)).startsWith("say ").isNotEqualTo(text);
        assertThat(server.lastRequest().end().get()).isEqualTo(ModelRequest.End.CLIENT_GONE);
    }

    @Test
    void aStreamWhoseTimeIsOverIsLeftAlsoWhereMoreOfItIsThere() {
        var over = Deadline.in(Duration.ZERO);
        var deadlines = new ChatDeadlines(over, Duration.ofSeconds(5), Deadline.in(Duration.ofSeconds(5)));
        try (var body = new PulledBody();
                var stream = new HttpChatStream(http, body, new OpenAiPieces(http), deadlines)) {
            body.onNext(List.of(ByteBuffer.wrap("data: [DONE]\n\n".getBytes(UTF_8))));

            assertThatThrownBy(stream::next)
                    .isInstanceOfSatisfying(
                            ModelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.SILENT));
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aStreamThatWasReadToItsEndLeavesItsConnectionToTheNextOne(Dialect dialect) {
        server.otherwise(ModelReply.well().in(50, Duration.ofMillis(1)));
        for (int i = 0; i < 3; i++) {
            read(dialect, "say this");
        }

        assertThat(server.connectionsSoFar()).isEqualTo(1);
    }

    @Test
    void closingAStreamEndsTheProvidersWorkAndWhoeverWaits() throws Exception {
        server.then(ModelReply.well().in(100, Duration.ofMinutes(1)));
        var stream = Dialect.OPENAI.of(http).stream(request("say this word by word"), ChatDeadlines.in(LIMITS));
        var closing = Thread.ofVirtual().start(stream::close);

        assertThatThrownBy(() -> {
                    while (stream.next().isPresent()) {
                        assertThat(server.requests()).hasSize(1);
                    }
                })
                .isInstanceOf(ModelException.class);
        closing.join();

        assertThat(server.lastRequest().end().get()).isEqualTo(ModelRequest.End.CLIENT_GONE);
    }

    @Test
    void anthropicGetsWhatOpenAiSaysInItsOwnWords() {
        var request = (ObjectNode) Json.MAPPER.readTree("""
            {"model":"m","max_completion_tokens":9,"temperature":0.5,"stop":"END","messages":[
              {"role":"system","content":"be brief"},
              {"role":"user","content":[{"type":"text","text":"what"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]},
              {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\\"a\\":1}"}}]},
              {"role":"tool","tool_call_id":"c1","content":"42"}],
             "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}}],
             "tool_choice":"required"}\
            """);

        assertThat(AnthropicRequest.of(request, true)).isEqualTo(Json.MAPPER.readTree("""
            {"model":"m","max_tokens":9,"stream":true,"temperature":0.5,"stop_sequences":["END"],"system":"be brief","messages":[
              {"role":"user","content":[{"type":"text","text":"what"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]},
              {"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"f","input":{"a":1}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"42"}]}],
             "tools":[{"name":"f","description":"d","input_schema":{"type":"object"}}],
             "tool_choice":{"type":"any"}}\
            """));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ANTHROPIC | {\"response_format\":{\"type\":\"json_object\"}} | response_format",
                "ANTHROPIC | {\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{}}}} |"
                        + " response_format",
                "ANTHROPIC | {\"messages\":[{\"content\":[{\"type\":\"file\",\"file\":{\"file_id\":\"f\"}}]}]} | file",
                "OLLAMA |"
                        + " {\"messages\":[{\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://h/i.png\"}}]}]}"
                        + " | images",
                "OLLAMA | {\"messages\":[{\"content\":\"a\"},{\"content\":[{\"type\":\"input_audio\"}]}]} | input_audio"
            })
    void whatADialectHasNoWordForIsSaidToBeSoWhereTheAnswerWouldBeAnother(
            Dialect dialect, String request, String named) {
        assertThat(dialect.of(http).cannotTell((ObjectNode) Json.MAPPER.readTree(request)))
                .hasValueSatisfying(what -> assertThat(what).contains(named));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ANTHROPIC | {}",
                "ANTHROPIC | {\"response_format\":null,\"messages\":null}",
                "ANTHROPIC | {\"response_format\":{\"type\":\"text\"},\"seed\":7}",
                "ANTHROPIC |"
                        + " {\"messages\":[{\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://h/i.png\"}}]}]}",
                "OLLAMA | {\"response_format\":{\"type\":\"json_object\"}}",
                "OLLAMA |"
                        + " {\"messages\":[{\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AA\"}}]}]}",
                "OPENAI |"
                        + " {\"response_format\":{\"type\":\"json_object\"},\"messages\":[{\"content\":[{\"type\":\"file\"}]}]}"
            })
    void whatADialectHasAWordForIsTold(Dialect dialect, String request) {
        assertThat(dialect.of(http).cannotTell((ObjectNode) Json.MAPPER.readTree(request)))
                .isEmpty();
    }

    @Test
    void toolsThatAnthropicCallsComeAsOpenAiCallsThem() {
        server.then(ModelReply.text("""
            data: {"type":"message_start","message":{"id":"m1","model":"m","usage":{"input_tokens":7}}}

            data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t1","name":"f","input":{}}}

            data: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\\"a\\""}}

            data: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":":1}"}}

            data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t2","name":"g","input":{}}}

            data: {"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":3}}

            data: {"type":"message_stop"}

            """));

        var pieces = read(Dialect.ANTHROPIC, "x");

        assertThat(pieces.stream()
                        .map(piece ->
                                json(piece).at("/choices/0/delta/tool_calls/0").toString()))
                .containsSubsequence(
                        "{\"index\":0,\"id\":\"t1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}",
                        "{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\"\"}}",
                        "{\"index\":0,\"function\":{\"arguments\":\":1}\"}}",
                        "{\"index\":1,\"id\":\"t2\",\"type\":\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"\"}}");
        assertThat(json(pieces.get(pieces.size() - 2))
                        .at("/choices/0/finish_reason")
                        .asString())
                .isEqualTo("tool_calls");
        assertThat(pieces.getLast().usage()).contains(new Usage(7, 3, false));
    }

    @Test
    void anErrorInAnthropicsStreamIsAnError() {
        server.then(ModelReply.text(
                "data: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n"));

        assertThatThrownBy(() -> read(Dialect.ANTHROPIC, "x"))
                .hasMessageContaining("Overloaded")
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.code()).contains("overloaded_error"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"invalid_request_error\",\"message\":\"no such tool\"} | REFUSED",
                "{\"type\":\"invalid_request_error\",\"code\":\"context_length_exceeded\"} | TOO_LONG",
                "{\"message\":\"beyond the maximum context length\"} | TOO_LONG",
                "{\"type\":\"BadRequestError\",\"code\":400} | REFUSED",
                "{\"type\":\"rate_limit_error\"} | LIMITED",
                "{\"code\":\"insufficient_quota\"} | USED_UP",
                "{\"type\":\"server_error\"} | AWAY",
                "\"overloaded\" | AWAY"
            })
    void anErrorInTheMidstOfAStreamIsWhoseItWouldHaveBeenBefore(String error, Kind kind) {
        server.then(ModelReply.text("data: {\"error\":" + error + "}\n\n"));

        assertThatThrownBy(() -> read(Dialect.OPENAI, "x"))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void whatAModelCalledAToolWithMayBeNoJsonWithoutItBeingTheProvidersFault() {
        var request = (ObjectNode) Json.MAPPER.readTree("""
            {"model":"m","messages":[{"role":"assistant","content":null,"tool_calls":[
              {"id":"c1","type":"function","function":{"name":"f","arguments":"{\\"a\\":"}},
              {"id":"c2","type":"function","function":{"name":"f","arguments":""}}]}]}\
            """);

        Dialect.OLLAMA.of(http).answer(request, Deadline.in(Duration.ofSeconds(5)));

        assertThat(server.lastRequest().json().at("/messages/0/tool_calls")).isEqualTo(Json.MAPPER.readTree("""
            [{"function":{"name":"f","arguments":{"arguments":"{\\"a\\":"}}},
             {"function":{"name":"f","arguments":{}}}]\
            """));
    }

    @Test
    void toolsThatOllamaCallsComeAsOpenAiCallsThem() {
        server.then(ModelReply.text("""
            {"model":"m","message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]},"done":false}
            {"model":"m","message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"g","arguments":{}}}]},"done":false}
            {"model":"m","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","prompt_eval_count":4,"eval_count":5}
            """));

        var pieces = read(Dialect.OLLAMA, "x");

        assertThat(pieces.stream()
                        .map(piece ->
                                json(piece).at("/choices/0/delta/tool_calls/0").toString()))
                .containsSubsequence(
                        "{\"index\":0,\"id\":\"call_0\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}}",
                        "{\"index\":1,\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}");
        assertThat(pieces.getLast().usage()).contains(new Usage(4, 5, false));
    }

    private static ObjectNode request(String text) {
        var request = Json.MAPPER.createObjectNode().put("model", "m");
        request.putArray("messages").addObject().put("role", "user").put("content", text);
        return request;
    }

    private List<ChatPiece> read(Dialect dialect, String text) {
        var pieces = new ArrayList<ChatPiece>();
        read(dialect, text, pieces);
        return pieces;
    }

    private void read(Dialect dialect, String text, List<ChatPiece> pieces) {
        read(dialect, text, LIMITS, pieces);
    }

    private void read(Dialect dialect, String text, ChatLimits limits, List<ChatPiece> pieces) {
        try (var stream = dialect.of(http).stream(request(text), ChatDeadlines.in(limits))) {
            for (var piece = stream.next(); piece.isPresent(); piece = stream.next()) {
                pieces.add(piece.get());
            }
        }
    }

    private static String text(List<ChatPiece> pieces) {
        var text = new StringBuilder();
        pieces.forEach(
                piece -> text.append(json(piece).at("/choices/0/delta/content").asString("")));
        return text.toString();
    }

    private static JsonNode json(ChatPiece piece) {
        return Json.MAPPER.readTree(piece.data());
    }
}
