package io.cairn.server.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.cairn.adapter.tika.SampleFiles;
import io.cairn.bus.StandardWebhook;
import io.cairn.bus.WebhookSecret;
import io.cairn.client.wire.Wire;
import io.cairn.server.CheapEmbeddings;
import io.cairn.server.RunningCairn;
import io.cairn.server.RunningCairn.Answer;
import io.cairn.testkit.ModelReply;
import io.cairn.testkit.ModelServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Each field that the description names in an answer is filled in one at least, when every door is used.
@Timeout(180)
class ResponseFieldsTest {
    /// Fields that nothing here fills, and why.
    private static final Map<String, String> EXPLAINED =
            Map.of("CacheInvalidated.redis", "It takes a Redis: EmbeddingProviderTest has one, and looks at it.");

    private static final WebhookSecret SECRET = new WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    private static final String SMALL = "small";
    private static final String LARGE = "large";

    private final ModelServer provider = ModelServer.start();
    private final HttpClient http = HttpClient.newHttpClient();
    private HttpServer receiver;
    private RunningCairn cairn;
    private ResponseFields fields;

    @TempDir
    Path temp;

    @BeforeEach
    void start() throws IOException {
        HeldWork.hold();
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(500, -1);
            exchange.close();
        });
        receiver.start();
        cairn = started(List.of(
                "--cairn.models.embedding.provider=main",
                "--cairn.models.embedding.model=" + SMALL,
                "--cairn.models.embedding.ask-dimensions=true",
                "--cairn.models.embedding.dimensions=32",
                "--cairn.models.chat.fast.provider=main",
                "--cairn.models.budgets.day.tenant=default",
                "--cairn.models.budgets.day.key=admin",
                "--cairn.models.budgets.day.per=day",
                "--cairn.models.budgets.day.tokens=1000000",
                "--cairn.webhooks.allowed-hosts=127.0.0.1",
                "--cairn.hooks.crm.secrets=" + SECRET.reveal(),
                "--cairn.hooks.crm.event={topic}",
                "--cairn.hooks.crm.stream=lead/{/data/id}"));
        fields = new ResponseFields(cairn.get("/openapi.json").has(200).json());
    }

    @AfterEach
    void stop() {
        HeldWork.letGo();
        cairn.close();
        http.close();
        receiver.stop(0);
        provider.close();
    }

    @Test
    void everyFieldOfEveryAnswerIsFilled() throws Exception {
        conversations();
        documents();
        recall();
        events();
        webhooks();
        subscriptions();
        tasks();
        schedules();
        sagas();
        ledger();
        failure();
        projections();
        operations();
        var export = get("/v1/export").response().body();
        cairn.close();
        refresh();
        cairn.close();
        imported(export);

        assertThat(fields.neverFilled()).isEqualTo(EXPLAINED.keySet());
    }

    private RunningCairn started(List<String> settings) {
        var all = new ArrayList<>(settings);
        all.addAll(List.of(
                "--cairn.models.providers.main.url=" + provider.url() + "/v1",
                "--cairn.models.providers.main.attempts=1",
                "--cairn.models.providers.main.failures=1",
                "--cairn.models.providers.main.open=1s",
                "--logging.level.io.cairn=off"));
        return RunningCairn.start(temp.resolve("data"), all, HeldWork.class);
    }

    private Answer get(String path) {
        return fields.heard(cairn.get(path)).has(200);
    }

    private Answer delete(String path) {
        return fields.heard(cairn.delete(path)).has(200);
    }

    private Answer post(String path, String json) {
        var answer = fields.heard(cairn.post(path, json));
        assertThat(answer.status()).as("%s: %s", path, answer.response().body()).isBetween(200, 202);
        return answer;
    }

    private Answer put(String path, String json) {
        var answer = fields.heard(cairn.put(path, json));
        assertThat(answer.status()).as("%s: %s", path, answer.response().body()).isBetween(200, 201);
        return answer;
    }

    /// Asks until the answer is as it has to be, and notes that one.
    private JsonNode comes(String path, Predicate<JsonNode> wanted) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> wanted.test(cairn.get(path).has(200).json()));
        return get(path).json();
    }

    private void conversations() {
        for (var id : List.of("trip", "gone")) {
            put("/v1/conversations/" + id, "{\"title\":\"A trip\",\"metadata\":{\"boat\":\"Argo\"}}");
            post("/v1/conversations/" + id + "/messages", """
                {"messages":[
                  {"id":"m1","role":"user","speaker":"Ana","content":"We sail to Naxos on Friday.",
                   "at":"2026-03-01T12:30:00Z","metadata":{"mood":"glad"}},
                  {"id":"m2","role":"assistant","tool_calls":[{"id":"c1","type":"function"}]},
                  {"id":"m3","role":"tool","content":"Wind from the north.","tool_call_id":"c1"}]}\
                """);
        }
        get("/v1/conversations?limit=1");
        get("/v1/conversations/trip");
        get("/v1/conversations/trip/messages");
        get("/v1/conversations/trip/messages?limit=1");
        delete("/v1/conversations/trip/messages/m3");
        delete("/v1/conversations/gone");
    }

    private void documents() throws IOException {
        for (var content :
                List.of("# Tides\\n\\nThe harbour is deep.", "# Tides\\n\\nThe harbour of Piraeus is deep.")) {
            post("/v1/documents", """
                {"id":"tides","title":"Tides","content":"%s","media_type":"text/markdown","source_type":"note",
                 "language":"en","tags":["sea"],"metadata":{"pages":2},"at":"2026-03-01T12:30:00Z"}\
                """.formatted(content));
        }
        post("/v1/documents/batch", "{\"documents\":[{\"id\":\"b1\",\"content\":\"Batch one\"},{\"content\":\" \"}]}");
        sent(
                "/v1/documents/import",
                "application/x-ndjson",
                "{\"id\":\"i1\",\"content\":\"A line\"}\n{\n".getBytes(UTF_8));
        var pdf = new ByteArrayOutputStream();
        pdf.writeBytes(
                "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n".getBytes(UTF_8));
        pdf.writeBytes(SampleFiles.pdf("Currents run north", "Lighthouses stand on capes"));
        pdf.writeBytes("\r\n--x--\r\n".getBytes(UTF_8));
        sent("/v1/documents", "multipart/form-data; boundary=x", pdf.toByteArray())
                .has(201);
        var mail = Map.of("id", "barn.eml", "content", DocumentsDoorTest.MAIL, "media_type", "message/rfc822");
        post("/v1/documents", Wire.requests().writeValueAsString(mail));
        post(
                "/v1/documents/batch",
                Wire.requests()
                        .writeValueAsString(mail)
                        .replace("barn", "shed")
                        .transform("{\"documents\":[%s]}"::formatted));
        get("/v1/documents/barn.eml");
        get("/v1/documents/barn.eml!%2Foffer.txt");
        get("/v1/documents?limit=1");
        get("/v1/documents/tides");
        get("/v1/documents/tides/versions");
        get("/v1/documents/tides/versions?limit=1");
        get("/v1/documents/tides/versions/1");
        delete("/v1/documents/b1");
    }

    private Answer sent(String path, String type, byte[] body) {
        return fields.heard(
                cairn.send(cairn.request(path).header("Content-Type", type).POST(BodyPublishers.ofByteArray(body))));
    }

    private void recall() {
        comes(
                "/v1/projections",
                now -> now.path("items")
                        .valueStream()
                        .allMatch(one -> one.path("events_behind").asLong() == 0));
        for (var query : List.of("sail Naxos, Ana", "harbour Piraeus", "lighthouses capes")) {
            post("/v1/recall", "{\"query\":\"%s\",\"explain\":true}".formatted(query));
        }
    }

    private void events() {
        for (var type : List.of("lead.scored", "order.placed")) {
            put("/v1/schemas/" + type + "/1", """
                {"schema":{"type":"object"},"description":"The first","examples":[{"score":1}]}\
                """);
        }
        append("lead/1", "lead.scored", "{\"score\":1,\"grade\":2}");
        append("lead/2", "lead.scored", "{\"score\":1}");
        put("/v1/schemas/lead.scored/2", """
            {"schema":true,"description":"The second","upcaster":{"operations":[{"op":"rename","from":"/score","path":"/grade"},
                                                     {"op":"default","path":"/confidence","value":0.5}]}}\
            """);
        put("/v1/schemas/order.placed/2", "{\"schema\":true,\"upcaster\":{\"impossible\":true}}");
        get("/v1/schemas?limit=1");
        get("/v1/schemas/lead.scored?limit=1");
        get("/v1/schemas/lead.scored/1");
        get("/v1/schemas/lead.scored/2");
        get("/v1/schemas/order.placed/2");
        append("lead/2", "lead.seen", "{}");
        get("/v1/streams/lead/1/events");
        get("/v1/streams/lead/2/events?limit=1");
        get("/v1/events?limit=1");
        fields.heard(cairn.post("/v1/streams/lead/1/events", """
            {"expected":"none","events":[{"type":"lead.seen","payload":{}}]}\
            """)).has(409);
        fields.heard(cairn.post("/v1/conversations/c/messages", """
            {"messages":[{"role":"user","content":"fine"},{"role":" ","content":"x"}]}\
            """)).has(422);
    }

    private void append(String stream, String type, String payload) {
        post("/v1/streams/" + stream + "/events", """
            {"expected":"any","events":[{"type":"%s","payload":%s}]}\
            """.formatted(type, payload));
    }

    private void webhooks() {
        var url = "http://127.0.0.1:%d/".formatted(receiver.getAddress().getPort());
        var id = post("/v1/webhooks", """
            {"url":"%s","pattern":"bell.*","filter":{"/loud":true}}\
            """.formatted(url)).text("/id");
        put("/v1/webhooks/" + id, "{\"pattern\":\"bell.rung\"}");
        post("/v1/webhooks/" + id + "/secret", "{}");
        post("/v1/webhooks/" + id + "/ping", "{}");
        for (int i = 0; i < 8; i++) {
            append("bell/" + i, "bell.rung", "{\"loud\":true}");
        }
        comes("/v1/webhooks/" + id, now -> now.path("status").asString().equals("failing"));
        get("/v1/webhooks");
        post("/v1/webhooks/" + id + "/disable", "{}");
        post("/v1/webhooks/" + id + "/enable", "{}");
        delete("/v1/webhooks/" + id);

        var body = "{\"type\":\"lead.received\",\"data\":{\"id\":\"42\"}}";
        for (int status : List.of(202, 200)) {
            var request = HttpRequest.newBuilder(cairn.uri("/hooks/crm")).POST(BodyPublishers.ofString(body));
            StandardWebhook.headers(List.of(SECRET), "message-1", Instant.now(), body.getBytes(UTF_8))
                    .forEach(request::header);
            fields.heard(cairn.send(request)).has(status);
        }
    }

    private void subscriptions() {
        put("/v1/subscriptions/board", "{\"pattern\":\"lead.*\"}");
        var page = get("/v1/subscriptions/board/events?limit=1");
        get("/v1/subscriptions/board/events")
                .json()
                .path("items")
                .forEach(event -> post(
                        "/v1/subscriptions/board/park",
                        "{\"event\":\"%s\",\"reason\":\"odd\"}"
                                .formatted(event.path("id").asString())));
        post("/v1/subscriptions/board/acknowledge", "{\"position\":\"%s\"}".formatted(page.text("/up_to")));
        get("/v1/subscriptions/board/parked?limit=1");
        post("/v1/subscriptions/board/parked/skip", "{\"key\":\"lead/1\"}");
        get("/v1/subscriptions/board");
        get("/v1/subscriptions");
        delete("/v1/subscriptions/board");
    }

    private void tasks() {
        var far = "\"due_at\":\"2099-01-01T00:00:00Z\",\"deadline\":\"2099-01-02T00:00:00Z\"";
        var waits = enqueued(
                "\"type\":\"event.append\",\"dedup\":\"once\",\"key\":\"k\",\"subject\":\"ana\",\"payload\":{}," + far);
        get("/v1/tasks/" + waits);
        post("/v1/tasks/" + waits + "/cancel", "{}");

        var counts = enqueued("\"type\":\"held.count\"");
        comes("/v1/tasks/" + counts, now -> now.has("progress"));
        get("/v1/lanes");

        var first = enqueued("\"type\":\"held.broken\",\"key\":\"q\"");
        var second = enqueued("\"type\":\"held.broken\",\"key\":\"q\"");
        comes(
                "/v1/tasks/" + first,
                now -> now.path("state").asString().equals("dead")
                        && now.path("behind").asInt() == 1);
        comes("/v1/tasks/" + second, now -> now.path("held_by").asString().equals(first));

        var dead = new ArrayList<String>();
        for (int i = 0; i < 4; i++) {
            dead.add(enqueued("\"type\":\"event.append\",\"payload\":{}"));
        }
        dead.forEach(id ->
                comes("/v1/tasks/" + id, now -> now.path("state").asString().equals("dead")));
        get("/v1/tasks?limit=1");
        get("/v1/dead-letters?limit=1");
        post("/v1/dead-letters/%s/discard".formatted(dead.get(0)), "{}");
        post("/v1/dead-letters/%s/replay".formatted(dead.get(1)), "{}");
        post("/v1/dead-letters/replay", "{\"type\":\"event.append\"}");
        post("/v1/dead-letters/discard", "{\"type\":\"event.append\"}");
    }

    private String enqueued(String task) {
        return post("/v1/tasks", "{\"tasks\":[{" + task + "}]}").text("/tasks/0/id");
    }

    private void schedules() {
        Map.of("weekly", "0 3 * * SUN", "always", "* * * * * *")
                .forEach((name, cron) -> put("/v1/schedules/" + name, """
                    {"cron":"%s","zone":"Europe/Berlin","type":"event.append","key":"k","payload":{}}\
                    """.formatted(cron)));
        comes("/v1/schedules", now -> now.path("items").valueStream().anyMatch(one -> one.has("last_task")));
        get("/v1/schedules?limit=1");
        post("/v1/schedules/weekly/run", "{}");
        post("/v1/schedules/weekly/pause", "{}");
        post("/v1/schedules/weekly/resume", "{}");
        cairn.get("/v1/schedules")
                .json()
                .path("items")
                .forEach(one -> delete("/v1/schedules/" + one.path("name").asString()));
    }

    private void sagas() {
        for (var offer : List.of("one", "two", "odd-1", "odd-2")) {
            append("offer/" + offer, "offer.made", "{}");
        }
        comes("/v1/sagas", now -> now.at("/items/0").has("step"));
        comes("/v1/projections/saga-haggle/parked", now -> now.path("items").size() == 2);
        get("/v1/projections/saga-haggle/parked?limit=1");
        post("/v1/projections/saga-haggle/parked/retry", "{\"key\":\"offer/odd-2\"}");
        post("/v1/projections/saga-haggle/parked/skip", "{\"key\":\"offer/odd-1\"}");
        comes("/v1/streams/offer/one/events", now -> now.path("items").size() == 2);
        HeldWork.letGo();
        var ended = comes("/v1/sagas?status=failed", now -> now.path("items").size() == 2);
        get("/v1/sagas?limit=1");
        get("/v1/sagas/" + ended.at("/items/0/id").asString());
    }

    private void ledger() throws Exception {
        post(
                "/openai/v1/chat/completions",
                "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"say this\"}]}");
        get("/openai/v1/models");
        get("/openai/v1/models/fast");
        post("/openai/v1/embeddings", "{\"model\":\"small\",\"input\":\"a\"}");
        provider.then(ModelReply.well().in(10, Duration.ofMillis(100)));
        var streamed = http.send(
                cairn.request("/openai/v1/chat/completions")
                        .header("Content-Type", "application/json")
                        .header("X-Cairn-Reply", "shared")
                        .POST(BodyPublishers.ofString(
                                "{\"model\":\"fast\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"say"
                                        + " this word by word\"}]}"))
                        .build(),
                BodyHandlers.ofInputStream());
        delete("/openai/v1/replies/"
                + streamed.headers().firstValue("X-Cairn-Reply").orElseThrow());
        streamed.body().close();
        comes("/v1/ledger?by=day,key,model", now -> now.path("items").size() >= 2);
        get("/v1/ledger?by=day,key,model&limit=1");
        get("/v1/ledger/budgets");
    }

    /// A provider that fails is left alone, and the index that needs it stands still.
    private void failure() {
        provider.otherwise(ModelReply.status(500, "{}"));
        post("/v1/conversations/trip/messages", "{\"messages\":[{\"role\":\"user\",\"content\":\"Will it rain?\"}]}");
        comes("/health/detailed", now -> now.path("components").valueStream().anyMatch(part -> part.has("detail")));
        provider.otherwise(ModelReply.well());
    }

    /// Vectors that have to be made anew take the provider's time, so that the rebuild is seen while it goes on.
    private void projections() {
        provider.otherwise(ModelReply.well().after(Duration.ofMillis(300)));
        delete("/v1/models/cache?model=" + SMALL);
        post("/v1/projections/dense/rebuild", "{}");
        comes("/v1/projections", now -> now.path("items").valueStream().anyMatch(one -> one.has("rebuild")));
        provider.otherwise(ModelReply.well());
        comes("/v1/projections", now -> now.path("items").valueStream().noneMatch(one -> one.has("rebuild")));
        post("/v1/projections/dense/rollback", "{}");
    }

    private void operations() {
        get("/v1/status");
        get("/v1/models");
        get("/health/live");
        await().untilAsserted(() -> cairn.get("/health/ready").has(200));
        get("/health/ready");
        get("/health/detailed");
    }

    /// Another model, which is refused until there are queries to compare by.
    private void refresh() {
        cairn = started(List.of(
                "--cairn.models.embedding.provider=main",
                "--cairn.models.embedding.model=" + LARGE,
                "--cairn.models.embedding.ask-dimensions=true",
                "--cairn.models.embedding.dimensions=64",
                "--cairn.models.former-embedding.provider=main",
                "--cairn.models.former-embedding.model=" + SMALL,
                "--cairn.models.former-embedding.ask-dimensions=true",
                "--cairn.models.former-embedding.dimensions=32",
                "--cairn.models.refresh.queries-min=1",
                "--cairn.models.refresh.overlap-min=0",
                "--cairn.models.refresh.slower-by-max=1m"));
        post("/v1/models/refresh", "{\"accept\":false}");
        post("/v1/models/refresh/pause", "{}");
        post("/v1/models/refresh/resume", "{}");
        comes("/v1/models", now -> now.at("/refresh/phase").asString().equals("refused"));
        recall();
        post("/v1/models/refresh", "{\"accept\":false}");
        comes("/v1/models", now -> now.at("/refresh/phase").asString().equals("switched"));
        post("/v1/models/refresh/rollback", "{}");
    }

    private void imported(String export) throws IOException {
        var key = Files.copy(temp.resolve("data/master.key"), temp.resolve("shared.key"));
        cairn = RunningCairn.start(
                temp.resolve("other"),
                List.of("--cairn.master-key-file=" + key, "--cairn.development=false"),
                CheapEmbeddings.class);
        sent("/v1/import", "application/x-ndjson", export.getBytes(UTF_8)).has(200);
    }
}
