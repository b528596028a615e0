package io.cairn.server.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.cairn.bus.SignatureStyle;
import io.cairn.bus.StandardWebhook;
import io.cairn.bus.Verdict;
import io.cairn.bus.WebhookSecret;
import io.cairn.server.RawHttp;
import io.cairn.server.RunningCairn;
import io.cairn.server.RunningCairn.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Webhooks over HTTP, out to a server of the test's and in from it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebhooksDoorTest {
    private static final WebhookSecret SECRET = new WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    private final Queue<Arrived> arrived = new ConcurrentLinkedQueue<>();
    private RunningCairn cairn;
    private HttpServer receiver;

    private record Arrived(Map<String, List<String>> headers, byte[] body) {}

    @BeforeAll
    void start(@TempDir Path data) throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            var headers = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
            headers.putAll(exchange.getRequestHeaders());
            arrived.add(new Arrived(headers, exchange.getRequestBody().readAllBytes()));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
        cairn = RunningCairn.startCheaply(
                data,
                "--cairn.webhooks.allowed-hosts=127.0.0.1",
                "--cairn.hooks.crm.secrets=" + SECRET.reveal(),
                "--cairn.hooks.crm.event={topic}",
                "--cairn.hooks.crm.stream=lead/{/data/id}");
    }

    @AfterAll
    void stop() {
        cairn.close();
        receiver.stop(0);
    }

    @Test
    void aTargetInsideTheNetworkIsRefusedByName() {
        for (var url : List.of(
                "https://localhost/", "https://169.254.169.254/latest", "http://example.com/", "https://[::1]/", "x")) {
            cairn.post("/v1/webhooks", "{\"url\":\"%s\"}".formatted(url)).isProblem(422, "invalid");
        }
        cairn.post("/v1/webhooks", "{\"url\":\"https://example.com/\",\"secret\":\"plain-words-here\"}")
                .isProblem(422, "invalid");
        cairn.get("/v1/webhooks/none").isProblem(404, "not_found");
    }

    @Test
    void anEventReachesAnotherServerSigned() {
        var url = "http://127.0.0.1:%d/hook".formatted(receiver.getAddress().getPort());
        var made = cairn.post("/v1/webhooks", "{\"url\":\"%s\",\"pattern\":\"order.*\"}".formatted(url))
                .has(201);
        var secret = new WebhookSecret(made.text("/secret"));
        assertThat(cairn.get("/v1/webhooks/" + made.text("/id")).has(200).json().has("secret"))
                .isFalse();
        cairn.post(
                        "/v1/streams/order/1/events",
                        "{\"expected\":\"any\",\"events\":[{\"type\":\"order.placed\",\"payload\":{\"total\":1.50}}]}")
                .has(201);
        await().until(() -> !arrived.isEmpty());
        var webhook = arrived.remove();
        assertThat(SignatureStyle.STANDARD.verify(
                        name -> webhook.headers().getOrDefault(name, List.of()),
                        webhook.body(),
                        List.of(secret),
                        Instant.now(),
                        Duration.ofMinutes(5)))
                .isInstanceOf(Verdict.Genuine.class);
        var body = JsonMapper.shared().readTree(webhook.body());
        assertThat(body.at("/type").asString()).isEqualTo("order.placed");
        assertThat(new String(webhook.body(), UTF_8)).contains("\"total\":1.50");
        cairn.post("/v1/webhooks/" + made.text("/id") + "/ping", "{}").has(200);
        await().until(() -> !arrived.isEmpty());
        assertThat(new String(arrived.remove().body(), UTF_8)).contains("cairn.webhook.ping");
        assertThat(cairn.post("/v1/webhooks/" + made.text("/id") + "/disable", "{}")
                        .has(200)
                        .text("/status"))
                .isEqualTo("disabled");
        cairn.delete("/v1/webhooks/" + made.text("/id")).has(200);
    }

    @Test
    void aWebhookThatComesInBecomesAnEventOnce() {
        var body = "{\"type\":\"lead.received\",\"data\":{\"id\":\"42\"}}";
        assertThat(hook("m1", body, SECRET)).isEqualTo(202);
        assertThat(hook("m1", body, SECRET)).isEqualTo(200);
        assertThat(hook("m1", body.replace("42", "43"), SECRET)).isEqualTo(409);
        assertThat(hook("m2", body, WebhookSecret.random(new Random()))).isEqualTo(401);
        await().untilAsserted(() -> assertThat(cairn.get("/v1/streams/lead/42/events")
                        .has(200)
                        .json()
                        .path("items")
                        .size())
                .isEqualTo(1));
    }

    private int hook(String id, String body, WebhookSecret secret) {
        return sent(id, body, secret).status();
    }

    private Answer sent(String id, String body, WebhookSecret secret) {
        var request = HttpRequest.newBuilder(cairn.uri("/hooks/crm")).POST(BodyPublishers.ofString(body));
        StandardWebhook.headers(List.of(secret), id, Instant.now(), body.getBytes(UTF_8))
                .forEach(request::header);
        return cairn.send(request);
    }

    /// The body that is announced never comes.
    @Test
    void aHookThatIsNotThereIsRefusedBeforeAnythingIsRead() throws IOException {
        var head = "POST /hooks/other HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n";
        assertThat(RawHttp.status(cairn.port(), head)).isEqualTo(404);
    }

    @Test
    void aFormNeedsAKey() {
        cairn.send(HttpRequest.newBuilder(cairn.uri("/hooks/crm"))
                        .header("Content-Type", "multipart/form-data; boundary=x")
                        .POST(BodyPublishers.ofString(
                                "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--\r\n")))
                .isProblem(415, "media_type_unsupported");
    }

    @Test
    void aWebhookThatNoPayloadMayHoldIsRefusedAndLeavesItsIdFree() {
        for (var beyond : List.of(
                nested(150), nested(499), nested(600), "1e99999", "1e99999999999", "\"\\ud800\"", "\"\\u0000\"")) {
            sent("beyond", "{\"type\":\"lead.received\",\"data\":{\"id\":\"9\",\"x\":%s}}".formatted(beyond), SECRET)
                    .isProblem(422, "invalid");
        }
        sent("beyond", "\"%s\"".formatted("x".repeat(1 << 20)), SECRET).isProblem(413, "too_large");
        assertThat(hook("beyond", "{\"type\":\"lead.received\",\"data\":{\"id\":\"9\"}}", SECRET))
                .isEqualTo(202);
        assertThat(hook("no-json", "not JSON at all", SECRET)).isEqualTo(202);
    }

    private static String nested(int levels) {
        return "[".repeat(levels) + "]".repeat(levels);
    }

    @Test
    void aFilterThatNoPayloadCouldMeetIsRefused() {
        var url = "http://127.0.0.1:%d/hook".formatted(receiver.getAddress().getPort());
        for (var filter : List.of(
                "{\"/a\":%s}".formatted(nested(150)),
                "{\"/a\":1e99999}",
                "{\"/a\":\"\\ud800\"}",
                "{\"/\\u0000\":1}",
                "{\"/a\":\"%s\"}".formatted("x".repeat(1 << 16)),
                "{\"a\":1}")) {
            cairn.post("/v1/webhooks", "{\"url\":\"%s\",\"pattern\":\"none\",\"filter\":%s}".formatted(url, filter))
                    .isProblem(422, "invalid");
        }
        var made = cairn.post(
                        "/v1/webhooks", "{\"url\":\"%s\",\"pattern\":\"none\",\"filter\":{\"/a\":1.50}}".formatted(url))
                .has(201);
        assertThat(made.response().body()).contains("1.50");
        cairn.delete("/v1/webhooks/" + made.text("/id")).has(200);
    }

    @Test
    void aSubscriptionIsReadAndAcknowledged() {
        cairn.send(cairn.request("/v1/subscriptions/board")
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString("{\"pattern\":\"visit.*\"}")))
                .has(200);
        for (int i = 0; i < 3; i++) {
            cairn.post(
                            "/v1/streams/visit/1/events",
                            "{\"expected\":\"any\",\"events\":[{\"type\":\"visit.made\",\"payload\":%d}]}".formatted(i))
                    .has(201);
        }
        var page = cairn.get("/v1/subscriptions/board/events?limit=2").has(200);
        assertThat(page.json().path("items").size()).isEqualTo(2);
        assertThat(page.json().path("more").asBoolean()).isTrue();
        cairn.post("/v1/subscriptions/board/acknowledge", "{\"position\":\"%s\"}".formatted(page.text("/up_to")))
                .has(200);
        var rest = cairn.get("/v1/subscriptions/board/events").has(200);
        assertThat(rest.json().path("items").size()).isEqualTo(1);
        cairn.post("/v1/subscriptions/board/acknowledge", "{\"position\":\"elsewhere-0-1\"}")
                .isProblem(409, "position_moved");
        assertThat(cairn.delete("/v1/subscriptions/board").has(200).text("/name"))
                .isEqualTo("board");
        cairn.get("/v1/subscriptions/board").isProblem(404, "not_found");
    }
}
