package io.cairn.server.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.cairn.server.RunningCairn;
import io.cairn.testkit.ModelReply;
import io.cairn.testkit.ModelRequest;
import io.cairn.testkit.ModelServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// Cairn answers OpenAI's clients as OpenAI does.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class OpenAiDoorTest {
    private static final String HELLO =
            "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"say this word by word\"}]%s}";

    private static final String WORD = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n";

    private final ModelServer main = ModelServer.start();
    private final ModelServer spare = ModelServer.start();
    private RunningCairn cairn;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        cairn = RunningCairn.start(
                data,
                "--cairn.models.providers.main.url=" + main.url() + "/v1",
                "--cairn.models.providers.main.key=secret-of-main",
                "--cairn.models.providers.main.first-wait=1ms",
                "--cairn.models.providers.main.failures=1000",
                "--cairn.models.providers.spare.url=" + spare.url() + "/v1",
                "--cairn.models.providers.spare.first-wait=1ms",
                "--cairn.models.providers.spare.failures=1000",
                "--cairn.models.embedding.provider=main",
                "--cairn.models.embedding.model=embedder",
                "--cairn.models.embedding.dimensions=8",
                "--cairn.models.chat.small.provider=main",
                "--cairn.models.chat.small.model=small-2026",
                "--cairn.models.chat.safe.provider=main",
                "--cairn.models.chat.safe.fallbacks=other",
                "--cairn.models.chat.other.provider=spare",
                "--cairn.models.providers.claude.type=anthropic",
                "--cairn.models.providers.claude.url=" + spare.url() + "/v1",
                "--cairn.models.chat.claude.provider=claude",
                "--cairn.models.chat.careful.provider=main",
                "--cairn.models.chat.careful.fallbacks=claude,other",
                "--cairn.models.streams.first-token=2s",
                "--cairn.models.streams.idle=2s",
                "--cairn.models.calls=16",
                "--cairn.security.keys[0].name=limited",
                "--cairn.security.keys[0].sha256=" + RunningCairn.digest("small-key"),
                "--cairn.security.keys[0].scopes=models",
                "--cairn.security.keys[0].models=small,embed*");
    }

    @BeforeEach
    void well() {
        main.otherwise(ModelReply.well());
        spare.otherwise(ModelReply.well());
    }

    @AfterEach
    void nothingIsLeftUnderWay() {
        await().untilAsserted(() -> assertThat(cairn.get("/metrics").response().body())
                .contains("model_calls_active{provider=\"main\"} 0.0", "model_calls_active{provider=\"spare\"} 0.0"));
    }

    @AfterAll
    void stop() {
        cairn.close();
        main.close();
        spare.close();
    }

    private RunningCairn.Answer chat(String model, String more) {
        return cairn.post("/openai/v1/chat/completions", HELLO.formatted(model, more));
    }

    private HttpRequest.Builder limited(String path) {
        return HttpRequest.newBuilder(cairn.uri(path))
                .header("Authorization", "Bearer small-key")
                .header("Content-Type", "application/json");
    }

    @Test
    void theModelsThatAKeyMayUseAreListed() {
        assertThat(cairn.get("/openai/v1/models").has(200).json().findValuesAsString("id"))
                .containsExactlyInAnyOrder("small", "safe", "other", "claude", "careful", "embedder");
        assertThat(cairn.send(limited("/openai/v1/models")).has(200).json().findValuesAsString("id"))
                .containsExactlyInAnyOrder("small", "embedder");
        assertThat(cairn.get("/openai/v1/models/small").has(200).text("/id")).isEqualTo("small");
        assertThat(cairn.get("/openai/v1/models/gpt-9").has(404).text("/error/code"))
                .isEqualTo("model_not_found");
    }

    @Test
    void anAnswerPassesThroughUnharmed() {
        var answer = "{\"id\":\"x\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":null,"
                + "\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}}],"
                + "\"new_field\":{\"deep\":[1.50,1e-7]},\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}";
        main.then(ModelReply.text(answer));

        var got = chat(
                "small",
                ",\"temperature\":0.10,\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"new_request\":{\"a\":1.50}");

        assertThat(got.has(200).response().body()).isEqualTo(answer);
        assertThat(got.header("X-Cairn-Model")).isEqualTo("small");
        assertThat(main.lastRequest().body())
                .isEqualTo(
                        HELLO.formatted(
                                "small-2026",
                                ",\"temperature\":0.10,\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"new_request\":{\"a\":1.50}"));
        assertThat(main.lastRequest().header("Authorization")).contains("Bearer secret-of-main");
    }

    @Test
    void aStreamPassesThroughPieceByPiece() {
        var piece =
                "{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"function\":{\"arguments\":\"{\"}}]},\"finish_reason\":null}],\"x\":1.50}";
        var end = "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}";
        main.then(ModelReply.text(": hello\r\n\r\ndata:" + piece + "\r\n\r\ndata: " + end + "\n\ndata: [DONE]")
                .header("Content-Type", "text/event-stream")
                .in(1, Duration.ZERO));

        var got = chat("small", ",\"stream\":true");

        assertThat(got.has(200).response().body())
                .isEqualTo("data: " + piece + "\n\ndata: " + end + "\n\ndata: [DONE]\n\n");
        assertThat(got.header("Content-Type")).startsWith("text/event-stream");
    }

    /// The forms in which servers stream calls of tools; clients put them together in ways of their own.
    @ParameterizedTest
    @ValueSource(
            strings = {
                // no index
                "[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]|[{\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}]",
                // every index 0
                "[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]|[{\"index\":0,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}]",
                // a blank id, and none
                "[{\"index\":0,\"id\":\"\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]|[{\"index\":0,\"id\":null,\"function\":{\"arguments\":\"{}\"}}]",
                // the id in the first piece only
                "[{\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]|[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]",
                // the id in each
                "[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]|[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"}\"}}]"
            })
    void callsOfToolsPassThroughInWhateverFormTheyCome(String calls) {
        var pieces = Stream.of(calls.split("[|]"))
                .map("{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":%s},\"finish_reason\":null}]}"::formatted)
                .toList();
        var end = "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}";
        var events = Stream.concat(pieces.stream(), Stream.of(end, "[DONE]"))
                .map("data: %s\n\n"::formatted)
                .collect(Collectors.joining());
        main.then(ModelReply.text(events));

        assertThat(chat("small", ",\"stream\":true").has(200).response().body()).isEqualTo(events);
    }

    @Test
    void theUsageIsAlwaysAskedForAndToldOnlyToWhoWantsIt() {
        assertThat(chat("small", ",\"stream\":true").has(200).response().body())
                .doesNotContain("prompt_tokens")
                .endsWith("data: [DONE]\n\n");
        assertThat(main.lastRequest().json().at("/stream_options/include_usage").asBoolean())
                .isTrue();
        assertThat(chat("small", ",\"stream\":true,\"stream_options\":{\"include_usage\":true}")
                        .has(200)
                        .response()
                        .body())
                .contains("\"prompt_tokens\":5");
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error, model_refused, 400",
        "404, invalid_request_error, model_refused, 400",
        "401, server_error, model_broken, 502",
        "429, rate_limit_error, model_limited, 429",
        "503, server_error, model_away, 503"
    })
    void failuresOfTheProviderComeInOpenAisForm(int status, String type, String code, int answered) {
        main.otherwise(ModelReply.status(status, "{\"error\":{\"message\":\"as it says\"}}"));

        for (var more : List.of("", ",\"stream\":true")) {
            var got = chat("small", more).has(answered);

            assertThat(got.text("/error/type")).isEqualTo(type);
            assertThat(got.text("/error/code")).isEqualTo(code);
            assertThat(got.text("/error/correlation_id")).isEqualTo(got.header("X-Correlation-ID"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error, invalid_value, temperature, 400, invalid_value, model_refused",
        "429, tokens, rate_limit_exceeded, , 429, rate_limit_exceeded, model_limited",
        "400, too_much, 3210, messages, 400, 3210, model_refused",
        "400, invalid_request_error, context_length_exceeded, messages, 400, context_length_exceeded,"
                + " context_length_exceeded"
    })
    void theProvidersOwnWordsForAnErrorArePassedOn(
            int status, String type, String code, String param, int answered, String told, String cairnCode) {
        var error = "{\"error\":{\"message\":\"no\",\"type\":\"%s\",\"code\":\"%s\",\"param\":%s}}"
                .formatted(type, code, param == null ? "null" : "\"" + param + "\"");
        main.otherwise(ModelReply.status(status, error).header("Retry-After", "600"));

        for (var more : List.of("", ",\"stream\":true")) {
            var got = chat("small", more).has(answered).json().path("error");

            assertThat(got.path("type").asString()).isEqualTo(type);
            assertThat(got.path("code").asString()).isEqualTo(told);
            assertThat(got.path("param").isNull() ? null : got.path("param").asString())
                    .isEqualTo(param);
            assertThat(got.path("cairn_code").asString()).isEqualTo(cairnCode);
            assertThat(got.path("correlation_id").asString()).isNotBlank();
        }
    }

    @Test
    void whenToComeBackIsPassedOn() {
        main.otherwise(ModelReply.status(429, "{}").header("Retry-After", "600"));

        assertThat(chat("small", "").has(429).header("Retry-After")).isEqualTo("600");
    }

    @Test
    void aFirst429IsWaitedOutAndThenItGoesWell() {
        main.then(ModelReply.status(429, "{}").header("Retry-After", "0"));

        chat("small", "").has(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"stream\":true"})
    void anotherModelAnswersWhileTheProviderIsAway(String more) {
        main.otherwise(ModelReply.status(500, "{}"));

        var got = chat("safe", more).has(200);

        assertThat(got.header("X-Cairn-Model")).isEqualTo("other");
        assertThat(spare.lastRequest().json().path("model").asString()).isEqualTo("other");
    }

    /// It would answer in plain text.
    @ParameterizedTest
    @ValueSource(strings = {"", ",\"stream\":true"})
    void aModelWhoseProviderKnowsNoFormatsNeitherAnswersNorStandsInWhereOneIsWanted(String more) {
        var wanted = more + ",\"response_format\":{\"type\":\"json_object\"}";
        int before = spare.requests().size();

        var refused = chat("claude", wanted).has(400);

        assertThat(refused.text("/error/code")).isEqualTo("model_refused");
        assertThat(refused.text("/error/message")).contains("response_format", "'claude'");
        assertThat(spare.requests()).hasSize(before);
        main.otherwise(ModelReply.status(500, "{}"));
        assertThat(chat("careful", wanted).has(200).header("X-Cairn-Model")).isEqualTo("other");
        assertThat(chat("careful", more).has(200).header("X-Cairn-Model")).isEqualTo("claude");
    }

    @Test
    void aModelThatDoesNotBeginToSpeakIsReplacedInTime() {
        main.then(ModelReply.never());

        assertThat(chat("safe", ",\"stream\":true").has(200).header("X-Cairn-Model"))
                .isEqualTo("other");
        assertThat(main.lastRequest().end().join()).isEqualTo(ModelRequest.End.CLIENT_GONE);
    }

    @Test
    void whoOnlySaysThatTheyWillSpeakHasNotBegun() {
        main.then(ModelReply.text(
                        "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n"
                                + ": still here\n\n".repeat(1000))
                .in(120, Duration.ofMillis(100)));

        assertThat(chat("small", ",\"stream\":true").has(504).text("/error/code"))
                .isEqualTo("model_silent");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n",
                "data: {\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\"}}\n\n"
            })
    void aStreamThatBreaksOffBeforeItsFirstWordIsTriedAgain(String said) {
        int before = main.requests().size();
        main.then(ModelReply.text(said));

        var got = chat("safe", ",\"stream\":true").has(200);

        assertThat(got.header("X-Cairn-Model")).isEqualTo("safe");
        assertThat(got.response().body()).contains("\"content\":\"say \"").contains("[DONE]");
        assertThat(main.requests()).hasSize(before + 2);
    }

    @Test
    void aStreamThatBreaksOffEndsWithAnEventAndNotAsIfItWereWhole() {
        main.then(ModelReply.well().cutAfter(400));

        var body = chat("safe", ",\"stream\":true").has(200).response().body();

        assertThat(body).contains("\"content\":\"say \"").doesNotContain("[DONE]");
        assertThat(body.substring(body.lastIndexOf("data: "))).contains("\"code\":\"model_away\"", "correlation_id");
    }

    @Test
    void aStreamThatBreaksOffIsCountedAndLeavesAWarningWithItsCorrelationId() {
        main.then(ModelReply.well().cutAfter(400));
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        var logger = (Logger) LoggerFactory.getLogger("io.cairn.server.openai");
        logger.addAppender(lines);
        RunningCairn.Answer got;
        try {
            got = chat("small", ",\"stream\":true").has(200);
        } finally {
            logger.detachAppender(lines);
        }

        assertThat(lines.list).singleElement().satisfies(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.WARN);
            assertThat(line.getFormattedMessage()).contains("broke off", "'main'");
            assertThat(line.getMDCPropertyMap()).containsEntry("correlation_id", got.header("X-Correlation-ID"));
        });
        assertThat(cairn.get("/metrics").response().body())
                .contains("model_streams_total{model=\"small\",outcome=\"away\"}");
    }

    @Test
    void anErrorInTheMidstOfAStreamIsAnEvent() {
        main.then(ModelReply.text("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n"
                + "data: {\"error\":{\"message\":\"out of memory\",\"type\":\"server_error\"}}\n\n"));

        assertThat(chat("small", ",\"stream\":true").has(200).response().body())
                .contains("\"content\":\"a\"", "out of memory")
                .doesNotContain("[DONE]");
    }

    @Test
    void aStreamThatFallsSilentInItsMidstEndsWithAnEvent() throws Exception {
        main.then(ModelReply.text(WORD.repeat(2)).in(WORD.length(), Duration.ofMinutes(5)));

        assertEndedInSilence(chat("small", ",\"stream\":true"));
    }

    @Test
    void aStreamThatGoesOnAndOnEndsWithAnEventWhenItsTimeIsOver(@TempDir Path data) throws Exception {
        main.then(ModelReply.text(WORD.repeat(10_000)).in(WORD.length(), Duration.ofMillis(50)));
        try (var brief = RunningCairn.startCheaply(
                data,
                "--cairn.models.providers.main.url=" + main.url() + "/v1",
                "--cairn.models.chat.small.provider=main",
                "--cairn.models.streams.total=2s")) {
            assertEndedInSilence(
                    brief.post("/openai/v1/chat/completions", HELLO.formatted("small", ",\"stream\":true")));
        }
    }

    private void assertEndedInSilence(RunningCairn.Answer answer) throws Exception {
        var body = answer.has(200).response().body();
        assertThat(body).startsWith(WORD).doesNotContain("[DONE]");
        assertThat(body.substring(body.lastIndexOf("data: "))).contains("\"code\":\"model_silent\"", "correlation_id");
        assertGoneWithinASecond();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"stream\":true"})
    void aClientThatGoesEndsTheCallBeforeTheFirstWord(String more) throws Exception {
        int before = main.requests().size();
        main.then(ModelReply.never());
        try (var socket = sent(HELLO.formatted("small", more))) {
            await().until(() -> main.requests().size() > before);
        }

        assertGoneWithinASecond();
    }

    @Test
    void aClientThatGoesEndsTheCallBetweenTwoWords() throws Exception {
        main.then(ModelReply.text("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n".repeat(2))
                .in(60, Duration.ofSeconds(1)));
        try (var socket = sent(HELLO.formatted("small", ",\"stream\":true"))) {
            readUntil(socket.getInputStream(), "\"content\":\"a\"");
        }

        assertGoneWithinASecond();
    }

    private void assertGoneWithinASecond() throws Exception {
        assertThat(main.lastRequest().end().get(1, TimeUnit.SECONDS)).isEqualTo(ModelRequest.End.CLIENT_GONE);
    }

    private Socket sent(String body) throws IOException {
        return sent(cairn.port(), body);
    }

    private static Socket sent(int port, String body) throws IOException {
        var socket = new Socket("127.0.0.1", port);
        socket.getOutputStream()
                .write(("POST /openai/v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                                + RunningCairn.KEY + "\r\nContent-Type: application/json\r\nContent-Length: "
                                + body.length() + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private static void readUntil(InputStream in, String wanted) throws IOException {
        var read = new StringBuilder();
        while (read.indexOf(wanted) < 0) {
            int letter = in.read();
            assertThat(letter).as(read.toString()).isNotNegative();
            read.append((char) letter);
        }
    }

    @Test
    void aServerThatStopsEndsItsStreamsAndSaysSo(@TempDir Path data) throws Exception {
        main.then(ModelReply.text("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n".repeat(2))
                .in(60, Duration.ofMinutes(1)));
        var stopping = RunningCairn.start(
                data,
                "--cairn.models.providers.main.url=" + main.url() + "/v1",
                "--cairn.models.chat.small.provider=main");
        try (var socket = sent(stopping.port(), HELLO.formatted("small", ",\"stream\":true"))) {
            readUntil(socket.getInputStream(), "\"content\":\"a\"");
            var closing = Thread.ofVirtual().start(stopping::close);
            readUntil(socket.getInputStream(), "The server is being stopped");
            closing.join();
        }

        assertThat(main.lastRequest().end().join()).isEqualTo(ModelRequest.End.CLIENT_GONE);
    }

    @Test
    void oneKeyDoesNotTakeThePlacesOfAll() throws Exception {
        int before = main.requests().size();
        var never = ModelReply.never();
        main.then(never, never, never, never);
        var open = new ArrayList<Socket>();
        for (int i = 0; i < 4; i++) {
            open.add(sent(HELLO.formatted("small", "")));
        }
        await().until(() -> main.requests().size() == before + 4);

        var refused = chat("small", "").has(429);
        assertThat(refused.text("/error/code")).isEqualTo("model_limited");
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        cairn.send(limited("/openai/v1/chat/completions").POST(BodyPublishers.ofString(HELLO.formatted("small", ""))))
                .has(200);

        for (var socket : open) {
            socket.close();
        }
        await().untilAsserted(() -> chat("small", "").has(200));
    }

    @Test
    void vectorsComeAsNumbersAndInBase64AndAreTheSame() {
        var floats = cairn.post(
                        "/openai/v1/embeddings", "{\"model\":\"embedder\",\"input\":[\"one\",\"two\"],\"user\":\"u\"}")
                .has(200);
        var base64 = cairn.post(
                        "/openai/v1/embeddings",
                        "{\"model\":\"embedder\",\"input\":\"one\",\"encoding_format\":\"base64\",\"dimensions\":8}")
                .has(200);

        var bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64.text("/data/0/embedding")))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 8; i++) {
            assertThat((float) floats.json().at("/data/0/embedding/" + i).asDouble())
                    .isEqualTo(bytes.getFloat());
        }
        assertThat(floats.json().at("/data/1/index").asInt()).isEqualTo(1);
        assertThat(floats.json().at("/usage/total_tokens").asInt()).isEqualTo(2);
    }

    @Test
    void aTextThatWasEmbeddedIsNotAskedForAgain() {
        var body = "{\"model\":\"embedder\",\"input\":\"asked twice\"}";
        cairn.post("/openai/v1/embeddings", body).has(200);
        int before = main.requests().size();

        cairn.post("/openai/v1/embeddings", body).has(200);

        assertThat(main.requests()).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"embedder\",\"input\":[]}",
                "{\"model\":\"embedder\"}",
                "{\"model\":\"embedder\",\"input\":[1,100257]}",
                "{\"model\":\"embedder\",\"input\":[-1]}",
                "{\"model\":\"embedder\",\"input\":[99999999999]}",
                "{\"model\":\"embedder\",\"input\":[1.5]}",
                "{\"model\":\"embedder\",\"input\":[1,\"x\"]}",
                "{\"model\":\"embedder\",\"input\":[[]]}",
                "{\"model\":\"embedder\",\"input\":[[\"x\"]]}",
                "{\"model\":\"embedder\",\"input\":[[[1]]]}",
                "{\"model\":\"embedder\",\"input\":\"x\",\"encoding_format\":\"hex\"}",
                "{\"model\":\"embedder\",\"input\":\"x\",\"dimensions\":9}",
                "{\"input\":\"x\"}",
                "{\"model\":7,\"input\":\"x\"}",
                "[]",
                "\"x\"",
                "{\"model\":",
                ""
            })
    void whatCannotBeEmbeddedIsRefused(String body) {
        assertThat(cairn.post("/openai/v1/embeddings", body).has(400).text("/error/type"))
                .isEqualTo("invalid_request_error");
    }

    /// As LangChain's client for Python sends it.
    @ParameterizedTest
    @ValueSource(strings = {"[25162,43038,374,520,38245]", "[[25162,43038,374,520,38245]]"})
    void tokensAreEmbeddedAsTheTextThatTheyStandFor(String tokens) {
        var text = embedded("\"Low tide is at noon\"");

        assertThat(embedded(tokens)).isEqualTo(text);
        assertThat(embedded("[[25162,43038,374,520,38245],\"Low tide is at noon\"]"))
                .containsExactly(text.getFirst(), text.getFirst());
    }

    private List<String> embedded(String input) {
        return cairn.post("/openai/v1/embeddings", "{\"model\":\"embedder\",\"input\":%s}".formatted(input))
                .has(200)
                .json()
                .path("data")
                .valueStream()
                .map(found -> found.path("embedding").toString())
                .toList();
    }

    @Test
    void aKeyUsesOnlyItsModelsAndNothingElse() {
        var body = BodyPublishers.ofString(HELLO.formatted("safe", ""));
        assertThat(cairn.send(limited("/openai/v1/chat/completions").POST(body))
                        .has(403)
                        .text("/error/code"))
                .isEqualTo("model_forbidden");
        cairn.send(limited("/openai/v1/chat/completions").POST(BodyPublishers.ofString(HELLO.formatted("small", ""))))
                .has(200);
        cairn.send(limited("/openai/v1/embeddings")
                        .POST(BodyPublishers.ofString("{\"model\":\"embedder\",\"input\":\"x\"}")))
                .has(200);
        cairn.send(limited("/v1/recall").POST(BodyPublishers.ofString("{\"query\":\"x\"}")))
                .isProblem(403, "scope_missing");
    }

    @Test
    void whoHasNoKeyIsToldSoInOpenAisForm() {
        var got = cairn.send(HttpRequest.newBuilder(cairn.uri("/openai/v1/models")))
                .has(401);

        assertThat(got.text("/error/type")).isEqualTo("authentication_error");
    }

    @Test
    void aRouteThatDoesNotExistIsSaidToBeSoInOpenAisForm() {
        assertThat(cairn.post("/openai/v1/responses", "{}").has(404).text("/error/type"))
                .isEqualTo("not_found_error");
    }
}
