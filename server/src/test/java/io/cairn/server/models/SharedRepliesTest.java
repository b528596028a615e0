package io.cairn.server.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.server.RunningCairn;
import io.cairn.testkit.ModelReply;
import io.cairn.testkit.ModelRequest;
import io.cairn.testkit.ModelServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Several clients follow one streamed answer, and calls of one context come one after another.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class SharedRepliesTest {
    private static final String ASK =
            "{\"model\":\"small\",\"messages\":[{\"role\":\"user\",\"content\":\"count for me\"}]%s}";
    private static final String STREAM = ASK.formatted(",\"stream\":true");

    private final ModelServer server = ModelServer.start();
    private final HttpClient http = HttpClient.newHttpClient();
    private RunningCairn cairn;

    @BeforeAll
    void start(@TempDir Path data) {
        cairn = RunningCairn.startCheaply(
                data,
                "--cairn.models.providers.main.url=" + server.url() + "/v1",
                "--cairn.models.providers.main.attempts=1",
                "--cairn.models.chat.small.provider=main",
                "--cairn.security.keys[0].name=other-model",
                "--cairn.security.keys[0].sha256=" + RunningCairn.digest("other-key"),
                "--cairn.security.keys[0].scopes=models",
                "--cairn.security.keys[0].models=large");
    }

    @AfterEach
    void nothingIsLeftUnderWay() {
        await().untilAsserted(() -> assertThat(cairn.get("/metrics").response().body())
                .contains("model_calls_active{provider=\"main\"} 0.0", "model_contexts 0.0"));
    }

    @AfterAll
    void stop() {
        http.close();
        cairn.close();
        server.close();
    }

    /// An answer of numbers, one each 50 ms.
    private static ModelReply counting(int to) {
        var body = new StringBuilder();
        for (int i = 10; i < 10 + to; i++) {
            body.append("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%d \"}}]}\n\n".formatted(i));
        }
        return ModelReply.text(body + "data: [DONE]\n\n").in(58, Duration.ofMillis(50));
    }

    private HttpResponse<InputStream> asked(String... headers) throws Exception {
        var request = cairn.request("/openai/v1/chat/completions")
                .header("Content-Type", "application/json")
                .headers(headers)
                .POST(BodyPublishers.ofString(STREAM));
        return http.send(request.build(), BodyHandlers.ofInputStream());
    }

    private static String id(HttpResponse<?> answer) {
        return answer.headers().firstValue("X-Cairn-Reply").orElseThrow();
    }

    private HttpResponse<InputStream> followed(String id) throws Exception {
        return http.send(cairn.request("/openai/v1/replies/" + id).build(), BodyHandlers.ofInputStream());
    }

    private static String rest(InputStream body) throws IOException {
        return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void whoeverFollowsHearsAllOfItHoweverLate() throws Exception {
        server.then(counting(10));
        var first = asked("X-Cairn-Reply", "shared");
        var following = new ArrayList<CompletableFuture<String>>();
        for (int i = 0; i < 5; i++) {
            var other = followed(id(first));
            assertThat(other.headers().firstValue("X-Cairn-Model")).contains("small");
            following.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return rest(other.body());
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        var whole = rest(first.body());

        assertThat(whole).contains("10 ", "19 ").endsWith("data: [DONE]\n\n");
        for (var other : following) {
            assertThat(other.get()).isEqualTo(whole);
        }
        assertThat(rest(followed(id(first)).body())).isEqualTo(whole);
        assertThat(server.lastRequest().end().get()).isEqualTo(ModelRequest.End.ANSWERED);
    }

    /// As long as the default bound of an answer, in pieces as OpenAI sends them.
    @Test
    void aLongAnswerIsSharedWholeByDefault() throws Exception {
        var piece = "data: {\"id\":\"chatcmpl-CdWqk2v8YbR4LxTn0sJmPzA1eHfU7\",\"object\":\"chat.completion.chunk\","
                + "\"created\":1764500000,\"model\":\"gpt-4o-mini-2024-07-18\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_560af6e559\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                + " word\"},\"logprobs\":null,\"finish_reason\":null}],\"usage\":null,\"obfuscation\":\"Qm7xT2\"}\n\n";
        server.then(ModelReply.text(piece.repeat(4096) + "data: [DONE]\n\n"));

        var first = asked("X-Cairn-Reply", "shared");
        var whole = rest(first.body());

        assertThat(whole.split("\" word\"", -1)).hasSize(4097);
        assertThat(whole).endsWith("data: [DONE]\n\n");
        assertThat(rest(followed(id(first)).body())).isEqualTo(whole);
    }

    @Test
    void theAnswerGoesOnWithoutWhoAskedForItAndIsRemembered() throws Exception {
        server.then(counting(20));
        var first = asked("X-Cairn-Reply", "shared", "X-Cairn-Memory", "counting");
        var other = followed(id(first));
        first.body().close();

        assertThat(rest(other.body())).contains("29 ").endsWith("data: [DONE]\n\n");
        assertThat(cairn.get("/v1/conversations/counting/messages").text("/items/1/content"))
                .startsWith("10 11 ")
                .endsWith("29 ");
    }

    @Test
    void theProvidersWorkEndsASecondAfterTheLastHasLeft() throws Exception {
        server.then(counting(1000));
        var first = asked("X-Cairn-Reply", "shared");
        var other = followed(id(first));
        first.body().close();
        assertThat(other.body().read()).isNotNegative();
        assertThat(server.lastRequest().end()).isNotDone();
        other.body().close();

        assertThat(server.lastRequest().end().get(1, TimeUnit.SECONDS)).isEqualTo(ModelRequest.End.CLIENT_GONE);
        assertThat(rest(followed(id(first)).body()))
                .contains("10 ", "All listeners had left")
                .doesNotContain("[DONE]");
    }

    @Test
    void cancellingEndsItForAll() throws Exception {
        server.then(counting(1000));
        var first = asked("X-Cairn-Reply", "shared");
        var other = followed(id(first));
        cairn.delete("/openai/v1/replies/" + id(first)).has(200);

        assertThat(server.lastRequest().end().get(1, TimeUnit.SECONDS)).isEqualTo(ModelRequest.End.CLIENT_GONE);
        for (var body : new InputStream[] {first.body(), other.body()}) {
            assertThat(rest(body)).contains("The reply was cancelled").doesNotContain("[DONE]");
        }
    }

    @Test
    void onlyItsTenantFindsAReply() throws Exception {
        server.then(counting(2));
        var first = asked("X-Cairn-Reply", "shared");
        rest(first.body());

        var path = "/openai/v1/replies/" + id(first);
        cairn.get(path).has(200);
        assertThat(cairn.send(cairn.request(path).header("Cairn-Tenant", "other"))
                        .has(404)
                        .text("/error/code"))
                .isEqualTo("not_found");
        cairn.send(cairn.request(path).header("Cairn-Tenant", "other").DELETE()).has(404);
    }

    @Test
    void aKeyThatDoesNotAllowTheModelDoesNotFindItsReply() throws Exception {
        server.then(counting(2));
        var first = asked("X-Cairn-Reply", "shared");
        rest(first.body());

        var other = HttpRequest.newBuilder(cairn.uri("/openai/v1/replies/" + id(first)))
                .header("Authorization", "Bearer other-key");
        assertThat(cairn.send(other).has(404).text("/error/code")).isEqualTo("not_found");
        cairn.send(other.DELETE()).has(404);
    }

    @Test
    void onlyWhatIsStreamedCanBeShared() {
        assertThat(cairn.post("/openai/v1/chat/completions", ASK.formatted(""), "X-Cairn-Reply", "shared")
                        .has(400)
                        .text("/error/message"))
                .contains("X-Cairn-Reply");
    }

    @Test
    void callsOfOneContextComeOneAfterAnother() throws Exception {
        int before = server.requests().size();
        server.then(counting(1000));
        var first = asked("X-Cairn-Context", "session-1");
        var second = CompletableFuture.supplyAsync(
                () -> cairn.post("/openai/v1/chat/completions", ASK.formatted(""), "X-Cairn-Context", "session-1"));
        cairn.post("/openai/v1/chat/completions", ASK.formatted(""), "X-Cairn-Context", "session-2")
                .has(200);
        assertThat(server.requests()).hasSize(before + 2);
        assertThat(second).isNotDone();
        first.body().close();

        second.get().has(200);
        assertThat(server.requests()).hasSize(before + 3);
    }

    @Test
    void aContextThatCannotBeANameIsRefused() {
        assertThat(cairn.post("/openai/v1/chat/completions", ASK.formatted(""), "X-Cairn-Context", "x".repeat(201))
                        .has(400)
                        .text("/error/message"))
                .contains("X-Cairn-Context");
    }
}
