package io.cairn.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.client.wire.Wire;
import io.cairn.event.EventLog;
import io.cairn.server.RunningCairn.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/// Whatever is sent, the server neither fails nor changes anything that it refuses to change.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileInputTest {
    private static final int MALFORMED = 1000;
    private static final long SEED = 20260301;

    private RunningCairn cairn;

    @BeforeAll
    void start(@TempDir Path data) {
        cairn = RunningCairn.start(data, List.of(), CheapEmbeddings.class);
    }

    @AfterAll
    void stop() {
        cairn.close();
    }

    private long head() {
        return cairn.bean(EventLog.class).head(0).number();
    }

    /// The answer, which is none of the server's failures and has changed nothing if it is a refusal.
    private Answer harmless(String what, Supplier<Answer> request) {
        long before = head();
        var answer = request.get();
        assertThat(answer.status()).as(what + " " + answer.response().body()).isLessThan(500);
        if (answer.status() >= 400) {
            assertThat(head()).as(what).isEqualTo(before);
            assertThat(answer.text("/code")).as(what).isNotBlank();
        }
        return answer;
    }

    // --- Strings through every text field -----------------------------------------------------------------------

    static List<JsonNode> naughtyStrings() throws IOException {
        try (var resource = Objects.requireNonNull(HostileInputTest.class.getResourceAsStream("naughty-strings.txt"))) {
            return new String(resource.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("\""))
                    .map(HostileInputTest::string)
                    .toList();
        }
    }

    /// Escapes stay as they are, since a lone surrogate survives no encoder.
    private static JsonNode string(String line) {
        return (JsonNode) JsonNodeFactory.instance.rawValueNode(new RawValue(line));
    }

    private static String decoded(JsonNode raw) {
        return Wire.responses().readTree(raw.toString()).asString();
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    @Test
    void noStringInAnyFieldOfAMessageDoesHarm() throws IOException {
        int number = 0;
        for (var string : naughtyStrings()) {
            var path = "/v1/conversations/naughty-" + number++ + "/messages";
            var plain = object().put("role", "user").put("content", "x");
            for (var field : new String[] {"id", "role", "speaker", "content", "at"}) {
                var message = plain.deepCopy();
                message.set(field, string);
                harmless(field + " " + string, () -> cairn.post(path, "{\"messages\":[" + message + "]}"));
            }
            var message = plain.deepCopy();
            message.set("content", string);
            message.putObject("metadata").set("value", string);
            var answer = harmless("metadata " + string, () -> cairn.post(path, "{\"messages\":[" + message + "]}"));
            if (answer.status() == 201) {
                var page = cairn.get(path + "?limit=1000").has(200).json().path("items");
                var last = page.get(page.size() - 1);
                assertThat(last.path("content").asString()).isEqualTo(decoded(string));
                assertThat(last.at("/metadata/value").asString()).isEqualTo(decoded(string));
            }
        }
    }

    @Test
    void noStringInAnyFieldOfADocumentDoesHarm() throws IOException {
        int number = 0;
        for (var string : naughtyStrings()) {
            var id = "naughty-" + number++;
            for (var field : new String[] {"id", "title", "content", "media_type", "source_type", "language", "at"}) {
                var document = object().put("id", id).put("content", "Content of " + id + " for " + field);
                document.set(field, string);
                harmless(field + " " + string, () -> cairn.post("/v1/documents", document.toString()));
            }
            var document = object().put("id", id).put("content", "Last content of " + id);
            document.putArray("tags").add(string);
            document.putObject("metadata").set("value", string);
            harmless("tags " + string, () -> cairn.post("/v1/documents", document.toString()));
        }
    }

    @Test
    void noStringInAnyFieldOfAnEventOrAQueryDoesHarm() throws IOException {
        for (var string : naughtyStrings()) {
            for (var field : new String[] {"id", "type", "payload"}) {
                var event = object().put("type", "naughty.sent").put("payload", 1);
                event.set(field, string);
                harmless(
                        field + " " + string,
                        () -> cairn.post(
                                "/v1/streams/naughty/s/events", "{\"expected\":\"any\",\"events\":[" + event + "]}"));
            }
            harmless(
                    "expected " + string,
                    () -> cairn.post("/v1/streams/naughty/s/events", "{\"expected\":" + string + ",\"events\":[]}"));
            harmless("query " + string, () -> cairn.post("/v1/recall", "{\"query\":" + string + "}"));
            for (var field :
                    new String[] {"conversation_id", "document_id", "source_type", "language", "speaker", "from"}) {
                harmless(
                        field + " " + string,
                        () -> cairn.post(
                                "/v1/recall", "{\"query\":\"x\",\"filters\":{\"" + field + "\":" + string + "}}"));
            }
            harmless(
                    "tags_any " + string,
                    () -> cairn.post(
                            "/v1/recall",
                            "{\"query\":\"x\",\"min_position\":" + string + ",\"filters\":{\"tags_any\":[" + string
                                    + "],\"metadata\":{\"a\":" + string + "}}}"));
        }
    }

    @Test
    void noStringInAPathAParameterOrAHeaderDoesHarm() throws IOException {
        for (var string : naughtyStrings()) {
            var text = decoded(string);
            var encoded = URLEncoder.encode(text, UTF_8).replace("+", "%20");
            for (var path : new String[] {
                "/v1/conversations/" + encoded,
                "/v1/documents/" + encoded,
                "/v1/streams/" + encoded + "/x/events",
                "/v1/streams/x/" + encoded + "/events",
                "/v1/projections/" + encoded + "/parked",
                "/v1/conversations?after=" + encoded,
                "/v1/documents?limit=" + encoded,
                "/v1/events?pattern=" + encoded + "&after=" + encoded
            }) {
                long before = head();
                var answer = RawHttp.answer(
                        cairn.port(),
                        ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + RunningCairn.KEY
                                        + "\r\nConnection: close\r\n\r\n")
                                .getBytes(ISO_8859_1));
                assertThat(answer).as(path).matches("(?s)HTTP/1.1 [234].*");
                assertThat(head()).isEqualTo(before);
            }
            var header = text.replaceAll("[\\r\\n]", " ");
            var request = "GET /v1/status HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + RunningCairn.KEY
                    + "\r\nConnection: close\r\n%s: " + header + "\r\n\r\n";
            for (var name : new String[] {"X-Correlation-ID", "Cairn-Tenant", "Idempotency-Key", "Accept", "Origin"}) {
                assertThat(RawHttp.answer(
                                cairn.port(), request.replace("%s", name).getBytes(UTF_8)))
                        .as(name + " " + string)
                        .matches("(?s)HTTP/1.1 [234].*");
            }
        }
    }

    // --- Requests that are not well-formed ----------------------------------------------------------------------

    private record Valid(String method, String path, String type, String body) {}

    private static final List<Valid> VALID = List.of(
            new Valid("POST", "/v1/conversations/m/messages", "application/json", """
                    {"messages":[{"id":"a","role":"user","speaker":"Ana","content":"Hello","at":"2026-01-01T00:00:00Z","metadata":{"k":[1,2.5,null]}}]}"""),
            new Valid("POST", "/v1/documents", "application/json", """
                    {"id":"m","title":"T","content":"Text","media_type":"text/plain","tags":["a"],"metadata":{"k":true},"language":"en"}"""),
            new Valid("POST", "/v1/documents", "multipart/form-data; boundary=x", """
                    --x\r
                    Content-Disposition: form-data; name="file"; filename="a.txt"\r
                    Content-Type: text/plain\r
                    \r
                    Text of a file\r
                    --x--\r
                    """),
            new Valid("POST", "/v1/documents/batch", "application/json", """
                    {"documents":[{"id":"m1","content":"One"},{"content":"Two"}]}"""),
            new Valid("POST", "/v1/documents/import", "application/x-ndjson", """
                    {"id":"m2","content":"Line"}
                    {"id":"m3","content":"Another"}
                    """),
            new Valid("POST", "/v1/recall", "application/json", """
                    {"query":"hello","limit":5,"threshold":0.1,"filters":{"kinds":["message"],"from":"2020-01-01T00:00:00Z"},"explain":true}"""),
            new Valid("POST", "/v1/streams/malformed/s/events", "application/json", """
                    {"expected":"any","events":[{"type":"a.b","version":1,"payload":{"x":[1,"2",{"y":3}]}}]}"""),
            new Valid("POST", "/v1/projections/lexical/parked/retry", "application/json", "{\"key\":\"a/b\"}"),
            new Valid("POST", "/v1/projections/lexical/parked/skip", "application/json", "{\"key\":\"a/b\"}"),
            new Valid("GET", "/v1/conversations?limit=5&after=a", "application/json", ""),
            new Valid("GET", "/v1/conversations/m/messages?limit=5&after=1", "application/json", ""),
            new Valid("GET", "/v1/documents?limit=5", "application/json", ""),
            new Valid("GET", "/v1/events?pattern=a.*&limit=3", "application/json", ""),
            new Valid("GET", "/v1/status", "application/json", ""),
            new Valid("DELETE", "/v1/conversations/nobody", "application/json", ""),
            new Valid("DELETE", "/v1/documents/nobody", "application/json", ""));

    private static final List<String> TOKENS = List.of(
            "null",
            "{}",
            "[]",
            "\"\"",
            "1e9999",
            "-1",
            "true",
            "\"\\ud800\"",
            "[[[[[[[[",
            "}",
            "]",
            ",",
            ":",
            "\u0000",
            "\"",
            "\\",
            "NaN",
            "0x1",
            "1".repeat(1200));

    @Test
    void noMalformedRequestMakesTheServerFailOrChangesAnything() throws IOException {
        var random = new Random(SEED);
        var statuses = new TreeMap<Integer, Integer>();
        for (int i = 0; i < MALFORMED; i++) {
            var valid = VALID.get(random.nextInt(VALID.size()));
            var request = malformed(valid, random);
            long before = head();
            var answer = RawHttp.answer(cairn.port(), request);
            var shown = new String(request, ISO_8859_1);
            int status = answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 400;
            assertThat(status).as("%d %s\n%s", i, shown, answer).isLessThan(500);
            if (status >= 400) {
                assertThat(head()).as(shown).isEqualTo(before);
            }
            statuses.merge(status, 1, Integer::sum);
        }
        cairn.get("/health/live").has(200);
        assertThat(statuses.keySet()).as(statuses.toString()).contains(400, 422);
    }

    private static byte[] malformed(Valid valid, Random random) {
        var body = mutated(valid.body(), random).getBytes(UTF_8);
        if (random.nextInt(4) == 0 && body.length > 0) {
            body[random.nextInt(body.length)] = (byte) random.nextInt(256);
        }
        var path = random.nextInt(5) == 0 ? mutatedPath(valid.path(), random) : valid.path();
        var type = random.nextInt(8) == 0
                ? pick(random, "text/html", "nonsense", "application/json; charset=x", "*/*", "")
                : valid.type();
        var method = random.nextInt(10) == 0
                ? pick(random, "PUT", "PATCH", "HEAD", "OPTIONS", "BREW", "DELETE")
                : valid.method();
        int length = random.nextInt(12) == 0 ? Math.max(0, body.length - 3) : body.length;
        var head = new ArrayList<>(List.of(
                method + " " + path + " HTTP/1.1",
                "Host: localhost",
                "Authorization: Bearer " + RunningCairn.KEY,
                "Content-Type: " + type,
                "Content-Length: " + length,
                "Connection: close"));
        if (random.nextInt(8) == 0) {
            head.add(pick(
                    random,
                    "Idempotency-Key: " + "k".repeat(600),
                    "If-Match: \"x\"",
                    "Last-Event-ID: zz",
                    "Accept: text/*;q=2",
                    "Content-Encoding: gzip",
                    "Transfer-Encoding: chunked",
                    "Expect: something",
                    "Cairn-Tenant: ../x",
                    "Range: bytes=0-1"));
        }
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes((String.join("\r\n", head) + "\r\n\r\n").getBytes(ISO_8859_1));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    private static String mutated(String body, Random random) {
        if (body.isEmpty()) {
            return random.nextBoolean() ? "" : pick(random, TOKENS.toArray(String[]::new));
        }
        int at = random.nextInt(body.length());
        int to = Math.min(body.length(), at + 1 + random.nextInt(12));
        return switch (random.nextInt(4)) {
            case 0 -> body.substring(0, at);
            case 1 -> body.substring(0, at) + body.substring(to);
            case 2 -> body.substring(0, at) + pick(random, TOKENS.toArray(String[]::new)) + body.substring(at);
            default -> body.substring(0, at) + pick(random, TOKENS.toArray(String[]::new)) + body.substring(to);
        };
    }

    private static String mutatedPath(String path, Random random) {
        return path
                + pick(
                        random,
                        "%",
                        "%zz",
                        "/..",
                        "//",
                        "%2e%2e/",
                        ";x=1",
                        "?",
                        "&limit=%ff",
                        "%00",
                        "/" + "x".repeat(600),
                        "#",
                        "/%E0%80%80");
    }

    private static String pick(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    @Test
    void aHugeStringIsRefusedOrKeptWhole() {
        var huge = "x".repeat(1_000_001);
        harmless(
                        "huge",
                        () -> cairn.post(
                                "/v1/conversations/huge/messages",
                                "{\"messages\":[{\"role\":\"user\",\"content\":\"" + huge + "\"}]}"))
                .isProblem(422, "invalid");
        harmless(
                        "huge id",
                        () -> cairn.post(
                                "/v1/documents",
                                Wire.requests().writeValueAsString(Map.of("id", huge, "content", "c"))))
                .isProblem(422, "invalid");
        cairn.send(cairn.request("/v1/recall")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"query\":\"" + huge + "\"}")))
                .isProblem(422, "invalid");
    }
}
