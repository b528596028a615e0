package io.cairn.server.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.bus.StandardWebhook;
import io.cairn.bus.WebhookSecret;
import io.cairn.server.ExampleJar;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The examples on a server of their own, with its log on the disk, which is killed in the midst of what they do; and
/// what gave up by then is replayed after it.
@Tag("fault")
@Timeout(300)
class ExamplesKillTest {
    private static final int TURNS = 12;
    private static final Duration DONE_MAX = Duration.ofMinutes(1);
    private static final WebhookSecret SECRET = new WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    private static final Path SCHEMAS = Path.of("..", "examples", "leads", "schemas");

    @TempDir
    Path folder;

    // The coordinator

    @Test
    void turnsAreAnsweredOnceAndInTheirOrderThoughTheServerIsKilledTwice() throws Exception {
        var jar = ExampleJar.of(folder, "coordinator");
        var cairn = CairnProcess.start(folder.resolve("data"), "--cairn.tasks.jars=" + jar, "--cairn.bus.jars=" + jar);
        try {
            var tasks = new ArrayList<>(List.of(turn("held", " "), turn("held", "after")));
            for (int i = 0; i < TURNS; i++) {
                tasks.addAll(List.of(turn("ana", "turn " + i), turn("ben", "turn " + i)));
            }
            ok(cairn.post("/v1/tasks", "{\"tasks\":[%s]}".formatted(String.join(",", tasks))));
            for (int kill = 1; kill <= 2; kill++) {
                int enough = kill * TURNS / 3;
                await().atMost(DONE_MAX)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> said(cairn, "ana").size() >= enough);
                cairn.killAndRestart();
            }

            var all = IntStream.range(0, TURNS).mapToObj(i -> "turn " + i).toList();
            await().atMost(DONE_MAX).untilAsserted(() -> {
                assertThat(said(cairn, "ana")).isEqualTo(all);
                assertThat(said(cairn, "ben")).isEqualTo(all);
            });
            assertThat(said(cairn, "held")).as("behind the dead turn").isEmpty();

            var dead = cairn.get("/v1/dead-letters").path("items");
            assertThat(dead.size()).isEqualTo(1);
            var id = dead.get(0).path("id").asString();
            ok(cairn.post("/v1/dead-letters/%s/replay".formatted(id), "{}"));
            await().atMost(DONE_MAX).until(() -> {
                var task = cairn.get("/v1/tasks/" + id);
                return task.path("replays").asInt() == 1
                        && task.path("state").asString().equals("dead");
            });
            cairn.killAndRestart();
            ok(cairn.post("/v1/dead-letters/%s/discard".formatted(id), "{}"));
            await().atMost(DONE_MAX)
                    .untilAsserted(() -> assertThat(said(cairn, "held")).containsExactly("after"));
        } finally {
            cairn.stop();
        }
        assertThat(cairn.verify()).as(cairn::log).isZero();
    }

    private static String turn(String session, String said) {
        return "{\"type\":\"turn\",\"key\":\"%s\",\"payload\":{\"said\":\"%s\"}}".formatted(session, said);
    }

    private static List<String> said(CairnProcess cairn, String session) throws IOException, InterruptedException {
        return events(cairn, "session/" + session)
                .map(event -> event.at("/payload/said").asString())
                .toList();
    }

    private static Stream<JsonNode> events(CairnProcess cairn, String stream) throws IOException, InterruptedException {
        return cairn.get("/v1/streams/%s/events?limit=100".formatted(stream))
                .path("items")
                .valueStream();
    }

    private static void ok(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    }

    // The leads

    @Test
    void leadsAreAssignedOnceThoughTheServerIsKilledAndADeadWebhookIsReplayedOnceTheSettingsAreMended()
            throws Exception {
        var jar = ExampleJar.of(folder, "leads");
        var cairn = leads(jar, "lead/{/data/id}");
        try {
            for (int version : List.of(1, 2)) {
                ok(cairn.put(
                        "/v1/schemas/lead.scored/" + version,
                        Files.readString(SCHEMAS.resolve("lead.scored.%d.json".formatted(version)))));
            }
            hook(cairn, "{\"type\":\"lead.received\",\"data\":{\"lead\":\"odd\",\"budget\":9000,\"channel\":\"web\"}}");
            await().atMost(DONE_MAX).untilAsserted(() -> assertThat(dead(cairn)).containsExactly("hook.crm"));
            for (int lead = 0; lead < 10; lead++) {
                hook(cairn, """
                    {"type":"lead.received","data":{"id":"%d","lead":"%d","budget":9000,"channel":"web"}}\
                    """.formatted(lead, lead));
            }
            await().atMost(DONE_MAX)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> events(cairn, "lead/0").count() >= 2);
            cairn.kill();
        } finally {
            cairn.stop();
        }

        var mended = leads(jar, "lead/{/data/lead}");
        try {
            assertThat(dead(mended)).containsExactly("hook.crm");
            ok(mended.post("/v1/dead-letters/replay", "{\"type\":\"hook.crm\"}"));
            var all = Stream.concat(IntStream.range(0, 10).mapToObj(Integer::toString), Stream.of("odd"))
                    .toList();
            await().atMost(DONE_MAX).untilAsserted(() -> {
                for (var lead : all) {
                    assertThat(events(mended, "lead/" + lead)
                                    .map(event -> event.path("type").asString()))
                            .containsExactly("lead.received", "lead.scored", "lead.assigned");
                }
            });
            assertThat(dead(mended)).isEmpty();
            try (var files = Files.list(folder.resolve("agents"))) {
                assertThat(files.map(file -> file.getFileName().toString()).toList())
                        .as("a reservation and an introduction for each lead")
                        .hasSize(2 * all.size());
            }
        } finally {
            mended.stop();
        }
        assertThat(mended.verify()).as(mended::log).isZero();
    }

    private CairnProcess leads(Path jar, String stream) throws IOException {
        return CairnProcess.start(
                folder.resolve("data"),
                "--cairn.sagas.jars=" + jar,
                "--cairn.projections.jars=" + jar,
                "--cairn.hooks.crm.secrets=" + SECRET.reveal(),
                "--cairn.hooks.crm.event={topic}",
                "--cairn.hooks.crm.stream=" + stream);
    }

    private static List<String> dead(CairnProcess cairn) throws IOException, InterruptedException {
        return cairn.get("/v1/dead-letters")
                .path("items")
                .valueStream()
                .map(letter -> letter.path("type").asString())
                .toList();
    }

    private static void hook(CairnProcess cairn, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(cairn.uri("/hooks/crm")).POST(BodyPublishers.ofString(body));
        StandardWebhook.headers(List.of(SECRET), "m-" + System.nanoTime(), Instant.now(), body.getBytes(UTF_8))
                .forEach(request::header);
        try (var http = HttpClient.newHttpClient()) {
            ok(http.send(request.build(), BodyHandlers.ofString()));
        }
    }
}
