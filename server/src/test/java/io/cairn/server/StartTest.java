package io.cairn.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.server.wiring.OfflineLog;
import io.cairn.server.wiring.StartProblems;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class StartTest {
    @TempDir
    Path temp;

    /// Why a server with these settings does not start.
    private String refusal(String... settings) {
        var failure = ThrowableAssert.catchThrowable(
                () -> RunningCairn.start(temp.resolve("data"), settings).close());
        assertThat(failure).isNotNull();
        return StartProblems.sentence(failure).orElseThrow(() -> new AssertionError("No sentence for it", failure));
    }

    @Test
    void aBadSettingIsRefusedByItsKey() {
        assertThat(refusal("--cairn.log.max-batch-size=many")).contains("cairn.log.max-batch-size", "many");
        assertThat(refusal("--cairn.projections.batches=10,20")).contains("cairn.projections.batches", "three sizes");
        assertThat(refusal("--cairn.log.import-batches=10,5,20")).contains("cairn.log.import-batches", "10, 5, 20");
        assertThat(refusal("--cairn.log.max-batch-size=0")).contains("cairn.log.max-batch-size", "0");
        assertThat(refusal("--cairn.limits.json=huge")).contains("cairn.limits.json", "huge");
        assertThat(refusal("--cairn.log.max-bach-size=5")).contains("cairn.log.max-bach-size", "not a setting");
        assertThat(refusal("--cairn.tenants.default.language=klingonish"))
                .contains("cairn.tenants.default.language", "klingonish");
        assertThat(refusal(
                        "--cairn.security.keys[0].name=x",
                        "--cairn.security.keys[0].sha256=abc",
                        "--cairn.security.keys[0].tenants=a"))
                .contains("cairn.security.keys", "SHA-256");
        assertThat(refusal("--cairn.mcp.max-sessions=0")).contains("cairn.mcp.max-sessions", "0");
        assertThat(refusal("--cairn.mcp.session-idle=0s")).contains("cairn.mcp.session-idle", "0");
        assertThat(refusal("--cairn.recall.sampled=1.5")).contains("cairn.recall.sampled", "1.5");
        assertThat(refusal("--cairn.recall.candidates=99")).contains("cairn.recall.candidates is 100 to 10000", "99");
        assertThat(refusal("--cairn.recall.grouped-candidates=120"))
                .contains("cairn.recall.grouped-candidates is 150 to", "120");
        assertThat(refusal("--cairn.recall.words-weight=-1")).contains("cairn.recall.words-weight", "-1");
        assertThat(refusal("--cairn.recall.position-wait=2m")).contains("cairn.recall.position-wait is 0s to 60s");
        assertThat(refusal("--cairn.chunks.max=50")).contains("cairn.chunks.max is 100 to 20000", "50");
        assertThat(refusal("--cairn.chunks.target=1700")).contains("cairn.chunks.target is 1 to 1600", "1700");
        assertThat(refusal("--cairn.chunks.min=0")).contains("cairn.chunks.min", "0");
        assertThat(refusal("--cairn.limits.upload=2GB")).contains("cairn.limits.upload");
        assertThat(refusal("--cairn.extraction.characters=0")).contains("cairn.extraction.characters", "0");
        assertThat(refusal("--cairn.extraction.processes=0")).contains("cairn.extraction.processes", "0");
        assertThat(refusal("--cairn.extraction.memory=1MB")).contains("cairn.extraction.memory", "32MB");
        assertThat(refusal("--cairn.logging.format=xml")).contains("cairn.logging.format", "xml");
    }

    @Test
    void aPortOrAFolderInUseIsRefusedInOneSentence() {
        try (var first = RunningCairn.start(temp.resolve("first"))) {
            assertThat(refusal("--cairn.port=" + first.port()))
                    .contains("port " + first.port())
                    .doesNotContain("\n");
            assertThat(refusal("--cairn.data=" + temp.resolve("first")))
                    .contains("held by another process", "pid", "listening at http://127.0.0.1:" + first.port());
        }
    }

    @Test
    void aLogWithoutItsMasterKeyIsRefused() throws Exception {
        var data = temp.resolve("data");
        try (var cairn = RunningCairn.start(data)) {
            cairn.post("/v1/conversations/c/messages", "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}")
                    .has(201);
        }
        Files.delete(data.resolve("master.key"));
        assertThat(refusal()).contains("master key", "missing");
        Files.writeString(data.resolve("master.key"), "0".repeat(64));
        Files.setPosixFilePermissions(
                data.resolve("master.key"), java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        assertThat(refusal()).contains("not the one that sealed this log");
    }

    @Test
    void aLogThatWasLeftInOrderIsVerifiedWithItsAnchor() {
        var data = temp.resolve("data");
        try (var cairn = RunningCairn.start(data)) {
            cairn.post("/v1/conversations/c/messages", "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}")
                    .has(201);
        }
        assertThat(data.resolve("anchor")).exists();
        var found = OfflineLog.verify(List.of("--cairn.data=" + data), events -> {});
        assertThat(found.events()).isEqualTo(1);
        assertThat(found.problems()).isEmpty();
    }

    @Test
    @Timeout(120)
    void theProcessStopsCleanlyWhenItIsTold() throws Exception {
        var data = temp.resolve("data");
        var process = process(Map.of(), "serve", "--data", data.toString(), "--port", "0", "--log", "json");
        try (var lines = process.inputReader(UTF_8)) {
            var first = lines.readLine();
            while (first != null && !first.contains("listens at")) {
                first = lines.readLine();
            }
            assertThat(first).startsWith("{").contains("\"level\":\"INFO\"");
            assertThat(ready(JsonMapper.shared().readTree(first).path("message").asString()))
                    .as("who reads that it listens may ask at once")
                    .isEqualTo(200);
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(Files.readString(data.resolve("lock"))).isEmpty();
        assertThat(data.resolve("anchor")).exists();
    }

    @Test
    @Timeout(120)
    void aCommandLineThatMakesNoSenseIsToldSo() throws Exception {
        for (var args :
                new String[][] {{"sing"}, {"serve", "--colour", "red"}, {"serve", "--port"}, {"verify", "--port", "1"}
                }) {
            var process = process(Map.of(), args);
            assertThat(new String(process.getErrorStream().readAllBytes(), UTF_8))
                    .contains("usage:");
            assertThat(process.waitFor()).isEqualTo(2);
        }
        var none = process(Map.of("CAIRN_DATA", temp.resolve("none").toString()), "verify");
        assertThat(new String(none.getErrorStream().readAllBytes(), UTF_8)).contains("There is no data folder");
        assertThat(none.waitFor()).isEqualTo(1);
    }

    @Test
    @Timeout(120)
    void everyCommandOfTheServerExplainsItself() throws Exception {
        for (var command : List.of("serve", "demo", "verify", "copy", "version")) {
            var process = process(Map.of(), command, "--help");
            assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
                    .startsWith("usage:")
                    .contains("cairn-server " + command);
            assertThat(process.waitFor()).isZero();
        }
    }

    @Test
    @Timeout(120)
    void whenItIsReadyTheFirstWriteIsFoundByWhoWaitsForIt() {
        try (var cairn = RunningCairn.start(temp.resolve("fresh"))) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> cairn.get("/health/ready").status() == 200);
            var position = cairn.post(
                            "/v1/conversations/ops/messages",
                            "{\"messages\":[{\"role\":\"user\",\"content\":\"We moved the backup job to Sundays.\"}]}")
                    .has(201)
                    .text("/position");
            var answer = cairn.post(
                            "/v1/recall",
                            "{\"query\":\"when is the backup job?\",\"min_position\":\"%s\"}".formatted(position))
                    .has(200);
            assertThat(answer.json().path("hits")).hasSize(1);
            assertThat(answer.json().path("stale").asBoolean()).isFalse();
        }
    }

    private static String address(String line) {
        return line.substring(line.indexOf("http://")).split("\\s", 2)[0];
    }

    private static int ready(String line) throws Exception {
        var address = address(line);
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(address + "/health/ready"));
            return http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    @Test
    @Timeout(120)
    void theSettingsInTheDataFolderHoldForTheServerAndForTheCheckOfItsLogAndTheLogSaysWhichFileWasRead()
            throws Exception {
        var data = Files.createDirectory(temp.resolve("data"));
        var key = temp.resolve("elsewhere.key");
        var file = Files.writeString(data.resolve("cairn.yaml"), "cairn: {master-key-file: %s}".formatted(key));
        var process = process(Map.of(), "serve", "--data", data.toString(), "--port", "0");
        var lines = new ArrayList<String>();
        try (var out = process.inputReader(UTF_8)) {
            for (var line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
                if (line.contains("listens at")) {
                    // Destroyed as a process it would take away what it still has to say.
                    process.toHandle().destroy();
                }
            }
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(lines).anyMatch(line -> line.contains("Settings are read from " + file));
        assertThat(key).exists();
        assertThat(data.resolve("master.key")).doesNotExist();
        assertThat(OfflineLog.verify(List.of("--cairn.data=" + data), events -> {})
                        .opened())
                .isTrue();
    }

    @Test
    @Timeout(120)
    void aFileThatIsNamedAndNotThereStopsTheStart() throws Exception {
        var missing = temp.resolve("missing.yaml");
        var process =
                process(Map.of(), "serve", "--data", temp.resolve("data").toString(), "--config", missing.toString());
        assertThat(new String(process.getErrorStream().readAllBytes(), UTF_8))
                .contains(missing.toString())
                .hasLineCount(1);
        assertThat(process.waitFor()).isEqualTo(1);
    }

    /// A process of its own on a fresh folder, as cold as a user's first one.
    @Test
    @Timeout(120)
    void theReadmesFirstTwoRequestsGiveWhatItShowsAsSoonAsTheServerSaysThatItListens() throws Exception {
        var readme = Files.readString(Path.of("../README.md"));
        var bodies = Pattern.compile("(?s)\\$ curl -s localhost:7700(\\S+) .*?-d '(.*?)'\n(\\{.*?)\n")
                .matcher(readme)
                .results()
                .toList();
        assertThat(bodies).hasSize(2);
        var process = process(
                Map.of("CAIRN_API_KEY", RunningCairn.KEY),
                "serve",
                "--data",
                temp.resolve("data").toString(),
                "--port",
                "0");
        try (var lines = process.inputReader(UTF_8);
                var http = HttpClient.newHttpClient()) {
            var line = lines.readLine();
            while (line != null && !line.contains("listens at")) {
                line = lines.readLine();
            }
            var address = address(String.valueOf(line));
            var added = sent(http, address, bodies.get(0));
            assertThat(added.path("messages"))
                    .isEqualTo(
                            JsonMapper.shared().readTree(bodies.get(0).group(3)).path("messages"));
            // On a machine that is busy with other tests the index may need longer than a query waits for it.
            var found = await().until(
                            () -> sent(http, address, bodies.get(1)),
                            answer -> !answer.path("stale").asBoolean());
            assertThat(found.at("/hits/0/text").asString()).isEqualTo("We moved the backup job to 3 am on Sundays.");
            assertThat(bodies.get(1).group(3))
                    .contains(found.at("/hits/0/text").asString())
                    .contains("\"id\":\"%s\"".formatted(found.at("/hits/0/id").asString()));
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private static JsonNode sent(HttpClient http, String address, MatchResult request) throws Exception {
        var post = HttpRequest.newBuilder(URI.create(address + request.group(1)))
                .header("Authorization", "Bearer " + RunningCairn.KEY)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(request.group(2)));
        var answer = http.send(post.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
        return JsonMapper.shared().readTree(answer.body());
    }

    private static Process process(Map<String, String> environment, String... args) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CairnServer.class.getName()));
        command.addAll(List.of(args));
        var builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return builder.start();
    }
}
