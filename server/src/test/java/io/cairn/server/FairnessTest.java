package io.cairn.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.server.RunningCairn.Answer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// One caller, however greedy, leaves room for the others.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FairnessTest {
    private static final int CONNECTIONS = 40;

    private final HttpClient http = HttpClient.newHttpClient();
    private RunningCairn cairn;

    @BeforeAll
    void start(@TempDir Path data) {
        cairn = RunningCairn.start(
                data,
                List.of(
                        "--server.tomcat.max-connections=" + CONNECTIONS,
                        "--cairn.limits.live-tails=8",
                        "--cairn.limits.in-flight=1MB",
                        "--cairn.hooks.crm.secrets=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                        "--cairn.security.keys[0].name=greedy",
                        "--cairn.security.keys[0].sha256=" + RunningCairn.digest("greedy-key"),
                        "--cairn.security.keys[0].tenants=acme",
                        "--cairn.security.keys[0].scopes=write",
                        "--cairn.security.keys[1].name=modest",
                        "--cairn.security.keys[1].sha256=" + RunningCairn.digest("modest-key"),
                        "--cairn.security.keys[1].tenants=globex",
                        "--cairn.security.keys[1].scopes=write"),
                CheapEmbeddings.class);
    }

    @AfterAll
    void stop() {
        http.close();
        cairn.close();
    }

    private HttpRequest.Builder with(String key, String path) {
        return HttpRequest.newBuilder(cairn.uri(path)).header("Authorization", "Bearer " + key);
    }

    private HttpResponse<InputStream> tail(String key) throws Exception {
        return http.send(
                with(key, "/v1/events").header("Accept", "text/event-stream").build(), BodyHandlers.ofInputStream());
    }

    private Answer recall(String key, int letters) {
        return cairn.send(with(key, "/v1/recall")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"query\":\"x\"%s}".formatted(" ".repeat(letters)))));
    }

    @Test
    void manyTailsOfOneKeyLeavePlacesToOthers() throws Exception {
        var open = new ArrayList<HttpResponse<InputStream>>();
        try {
            HttpResponse<InputStream> last;
            do {
                last = tail("greedy-key");
                open.add(last);
            } while (last.statusCode() == 200 && open.size() < 20);
            assertThat(last.statusCode()).isEqualTo(503);
            assertThat(last.headers().firstValue("Retry-After")).isPresent();
            assertThat(open).hasSize(3);
            var modest = tail("modest-key");
            open.add(modest);
            assertThat(modest.statusCode()).isEqualTo(200);
        } finally {
            for (var tail : open) {
                tail.body().close();
            }
        }
    }

    @Test
    void thousandsOfSilentConnectionsLeaveAWayIn() throws Exception {
        var silent = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 3 * CONNECTIONS; i++) {
                silent.add(new Socket(InetAddress.getLoopbackAddress(), cairn.port()));
            }
            for (int i = 0; i < 5; i++) {
                assertThat(RawHttp.status(cairn.port(), RawHttp.get("/health/live", "localhost")))
                        .isEqualTo(200);
            }
        } finally {
            for (var socket : silent) {
                socket.close();
            }
        }
    }

    private Answer hook(int letters) {
        return cairn.send(
                HttpRequest.newBuilder(cairn.uri("/hooks/crm")).POST(BodyPublishers.ofString("x".repeat(letters))));
    }

    /// A quarter of 1 MB has room for one body of 20,000 bytes, which are counted eightfold.
    @Test
    void allThatComesWithoutAKeySharesAQuarterAndLeavesTheRest() throws Exception {
        int length = 20_000;
        try (var slow = new Socket(InetAddress.getLoopbackAddress(), cairn.port())) {
            slow.getOutputStream()
                    .write("POST /hooks/crm HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n{"
                            .formatted(length)
                            .getBytes(UTF_8));
            slow.getOutputStream().flush();
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                var refused = hook(length).isProblem(503, "overloaded");
                assertThat(refused.header("Retry-After")).isNotNull();
            });
            recall("modest-key", 3 * length).has(200);
        }
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> hook(length).isProblem(401, "signature_refused"));
        hook(2 * length).isProblem(413, "too_large");
    }

    /// A 32nd of 1 MB.
    @Test
    void aLineOfAnImportIsNoLongerThanWhatIsCountedForIt() {
        var line = "{\"id\":\"long\",\"content\":\"%s\"}\n".formatted("y".repeat(40_000));
        var archive = lines("/v1/import", line).isProblem(413, "too_large");
        assertThat(archive.text("/detail")).contains("Line 1", "32768 bytes", "cairn.limits.in-flight");
        var documents = lines("/v1/documents/import", line).has(200);
        assertThat(documents.text("/error/code")).isEqualTo("too_large");
    }

    private Answer lines(String path, String lines) {
        return cairn.send(cairn.request(path)
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(lines)));
    }

    @Test
    void bodiesThatMemoryCannotHoldComeAgainAndHealthIsAnswered() throws Exception {
        int length = 100_000;
        try (var slow = new Socket(InetAddress.getLoopbackAddress(), cairn.port())) {
            slow.getOutputStream().write("""
                POST /v1/recall HTTP/1.1\r
                Host: localhost\r
                Authorization: Bearer greedy-key\r
                Content-Type: application/json\r
                Content-Length: %d\r
                \r
                {\
                """.formatted(length).getBytes(UTF_8));
            slow.getOutputStream().flush();
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                var refused = recall("greedy-key", length).isProblem(503, "overloaded");
                assertThat(refused.header("Retry-After")).isNotNull();
            });
            recall("modest-key", 100).has(200);
            cairn.send(HttpRequest.newBuilder(cairn.uri("/health/live"))).has(200);
            cairn.send(HttpRequest.newBuilder(cairn.uri("/health/ready"))).has(200);
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> recall("greedy-key", length).has(200));
    }
}
