package io.cairn.server.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.cairn.bus.StandardWebhook;
import io.cairn.bus.WebhookSecret;
import io.cairn.server.ExampleJar;
import io.cairn.server.RunningCairn;
import io.micrometer.core.instrument.Metrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `examples/leads`: from a webhook that comes in to one that goes out.
class LeadsExampleTest {
    private static final WebhookSecret SECRET = new WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    private static final Path SCHEMAS = Path.of("..", "examples", "leads", "schemas");

    @TempDir
    Path folder;

    /// Meters of the global registry would turn up in the scrapes of other tests.
    @AfterEach
    void forgetMeters() {
        Metrics.globalRegistry.clear();
    }

    @TestFactory
    Stream<DynamicTest> itsOwnTestsPass() throws Exception {
        return ExampleJar.ownTests(folder, "leads", "com.example.leads.LeadsTest");
    }

    @Test
    @Timeout(120)
    void aLeadComesInIsScoredAssignedShownAndToldOf(@TempDir Path data, @TempDir Path agents) throws Exception {
        var told = new ConcurrentLinkedQueue<String>();
        var receiver = receiver(told);
        var jar = ExampleJar.of(folder, "leads");
        System.setProperty("leads.agents", agents.toString());
        try (var cairn = RunningCairn.startCheaply(
                data,
                "--cairn.sagas.jars=" + jar,
                "--cairn.projections.jars=" + jar,
                "--cairn.webhooks.allowed-hosts=127.0.0.1",
                "--cairn.hooks.crm.secrets=" + SECRET.reveal(),
                "--cairn.hooks.crm.event={topic}",
                "--cairn.hooks.crm.stream=lead/{/data/id}")) {
            for (int version : List.of(1, 2)) {
                var schema = Files.readString(SCHEMAS.resolve("lead.scored.%d.json".formatted(version)));
                cairn.send(cairn.request("/v1/schemas/lead.scored/" + version)
                                .header("Content-Type", "application/json")
                                .PUT(BodyPublishers.ofString(schema)))
                        .has(201);
            }
            cairn.post(
                            "/v1/webhooks",
                            "{\"url\":\"http://127.0.0.1:%d/\",\"pattern\":\"lead.assigned\"}"
                                    .formatted(receiver.getAddress().getPort()))
                    .has(201);

            hook(cairn, "7", 9000);
            hook(cairn, "8", 500);

            await().untilAsserted(() -> assertThat(board(data))
                    .anyMatch(row -> row.matches("7 assigned hot 90 (Ines|Mara|Tom)"))
                    .contains("8 declined cold 5 null"));
            await().untilAsserted(() ->
                    assertThat(told).singleElement().asString().contains("\"lead.assigned\"", "\"lead_id\":\"7\""));
            assertThat(cairn.get("/v1/sagas?type=assign-lead&correlation_id=8")
                            .has(200)
                            .text("/items/0/status"))
                    .isEqualTo("failed");
            assertThat(cairn.get("/metrics").has(200).response().body())
                    .contains(
                            "lead_scoring_duration_seconds_bucket{channel=\"web\",classification=\"hot\",le=\"0.1\"} 1",
                            "lead_scoring_duration_seconds_bucket{channel=\"web\",classification=\"hot\",le=\"10.0\"} 1");
            try (var files = Files.list(agents)) {
                assertThat(files.map(file -> file.getFileName().toString()).toList())
                        .as("one agent who is reserved, and introduced")
                        .hasSize(2);
            }
        } finally {
            System.clearProperty("leads.agents");
            receiver.stop(0);
        }
    }

    private static HttpServer receiver(Queue<String> told) throws IOException {
        var receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            told.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
        return receiver;
    }

    private static void hook(RunningCairn cairn, String lead, int budget) {
        var body = """
                {"type":"lead.received","data":{"id":"%s","budget":%d,"channel":"web"}}""".formatted(lead, budget);
        var request = HttpRequest.newBuilder(cairn.uri("/hooks/crm")).POST(BodyPublishers.ofString(body));
        StandardWebhook.headers(
                        List.of(SECRET),
                        "%s-%d".formatted(lead, System.nanoTime()),
                        Instant.now(),
                        body.getBytes(UTF_8))
                .forEach(request::header);
        cairn.send(request).has(202);
    }

    private static List<String> board(Path data) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("log.db"));
                var rows = connection
                        .createStatement()
                        .executeQuery("SELECT lead, status, classification, score, agent FROM lead_board")) {
            var board = new ArrayList<String>();
            while (rows.next()) {
                board.add("%s %s %s %d %s"
                        .formatted(
                                rows.getString(1),
                                rows.getString(2),
                                rows.getString(3),
                                rows.getInt(4),
                                rows.getString(5)));
            }
            return board;
        }
    }
}
