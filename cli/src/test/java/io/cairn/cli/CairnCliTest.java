package io.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.client.ScriptedServer;
import io.cairn.client.ScriptedServer.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class CairnCliTest {
    private static final String HIT = """
        {"hits":[{"id":"h1","kind":"document","text":"The launcher finds a JDK 25.","score":0.8214,
         "scores":{"relevance":0.9,"legs":[{"leg":"lexical","raw":11.2,"rank":1,"contribution":0.31}],
         "boosts":{"speaker":0.05}},
         "citation":{"document_id":"docs/x.md","document_version":1,"heading":"Install › Linux","start":120,"end":480}}],
         "position":"p","stale":true,"took_ms":3}\
        """;

    @TempDir
    private Path folder;

    private ScriptedServer server;
    private Calls cairn;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer();
        cairn = new Calls(folder).with("CAIRN_URL", server.address().toString()).with("CAIRN_API_KEY", "secret-key");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void hitsShowTheirRelevanceAndWhetherAnyOfThemFits() {
        server.then(200, """
            {"hits":[{"id":"h1","kind":"message","text":"My dog is Rex.","score":0.3,"relevance":0.031,
             "citation":{"conversation_id":"c","message_id":"m1"}}],"position":"p1","stale":false,"took_ms":3,"fits":false}\
            """);

        assertThat(cairn.call("recall", "Mongolia").out())
                .startsWith("Nothing fits; this is the nearest.\n 1. 0.03  conversation c");
    }

    @Test
    void whatWasRemovedOfACacheIsShownLevelByLevel() {
        server.then(200, "{\"memory\":812,\"store\":20334}");

        assertThat(cairn.call("models", "invalidate", "bge-*").out()).isEqualTo("""
            LEVEL   VECTORS REMOVED
            memory  812
            redis   -
            store   20334
            """);
        assertThat(server.requests().getFirst().line()).startsWith("DELETE /v1/models/cache?model=bge-");
    }

    @Test
    void whereNoServerRunsOneLineTellsHowToStartOne() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        var outcome = cairn.call("status", "--url", "http://127.0.0.1:" + free);

        assertThat(outcome.exit()).isEqualTo(3);
        assertThat(outcome.err())
                .isEqualTo("cairn: No Cairn answers at http://127.0.0.1:" + free + ". Start one with: ./cairn serve\n");
        assertThat(outcome.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "recal tea",
                "recall",
                "recall tea --limit many",
                "recall tea --from yesterday",
                "status --nope",
                "",
                "status --url nonsense",
                "remember c",
                "add x --max-size big",
                "serve"
            })
    void aWrongCommandIsExplainedInOneLine(String line) {
        var outcome = cairn.call(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err()).hasLineCount(1);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aWebhookIsMadeAndItsSecretShownOnce() {
        String webhook = "{\"id\":\"w1\",\"url\":\"https://crm.example.com/\",\"pattern\":\"lead.*\",\"filter\":{},"
                + "\"status\":\"active\",\"lag\":3,\"created_at\":\"2026-03-01T12:00:00Z\"";
        server.then(201, webhook + ",\"secret\":\"whsec_x\"}").then(200, "{\"items\":[" + webhook + "}]}");
        var made = cairn.call("webhooks", "create", "https://crm.example.com/", "--pattern", "lead.*");
        assertThat(made.lines())
                .containsExactly(
                        "w1  https://crm.example.com/  lead.*  active", "Its secret, shown this once: whsec_x");
        assertThat(server.requests().getFirst().body())
                .isEqualTo("{\"url\":\"https://crm.example.com/\",\"pattern\":\"lead.*\"}");
        assertThat(cairn.call("webhooks").lines().getLast())
                .isEqualTo("w1  https://crm.example.com/  lead.*   active  3    -");
    }

    @Test
    void whateverATaskCanHaveIsSaid() {
        server.then(202, "{\"id\":\"t1\",\"existing\":false}").then(202, "{\"id\":\"t1\",\"existing\":false}");
        cairn.call(
                "tasks",
                "enqueue",
                "mail",
                "{\"to\":1}",
                "--key",
                "k",
                "--priority",
                "5",
                "--deadline",
                "2099-01-02T00:00:00Z",
                "--due",
                "2099-01-01T00:00:00Z",
                "--id",
                "0198b5c0-0000-7000-8000-000000000001",
                "--once-for",
                "d",
                "--subject",
                "ada");
        assertThat(server.requests().getFirst().body())
                .contains(
                        "\"id\":\"0198b5c0-0000-7000-8000-000000000001\"",
                        "\"key\":\"k\"",
                        "\"priority\":5",
                        "\"due_at\":\"2099-01-01T00:00:00Z\"",
                        "\"deadline\":\"2099-01-02T00:00:00Z\"",
                        "\"dedup\":\"d\"",
                        "\"subject\":\"ada\"");

        var before = Instant.now();
        cairn.call("tasks", "enqueue", "mail", "--in", "2h");
        var due =
                JsonMapper.shared().readTree(server.requests().getLast().body()).findValue("due_at");
        assertThat(Instant.parse(due.asString()))
                .isBetween(before.plus(Duration.ofHours(2)), Instant.now().plus(Duration.ofHours(2)));

        assertThat(cairn.call("tasks", "enqueue", "mail", "--in", "soon").exit())
                .isNotZero();
        assertThat(cairn.call("tasks", "enqueue", "mail", "--in", "2h", "--due", "2099-01-01T00:00:00Z")
                        .exit())
                .isEqualTo(2);
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void theTasksOfAScheduleHaveAKeyAndASubject() {
        server.then(
                200,
                "{\"name\":\"n\",\"cron\":\"* * * *"
                        + " *\",\"zone\":\"Z\",\"catch_up\":\"all\",\"type\":\"mail\",\"paused\":false,"
                        + "\"fired\":0,\"skipped\":0}");
        cairn.call("schedules", "put", "n", "* * * * *", "mail", "--key", "k", "--subject", "ada", "--catch-up", "all");
        assertThat(server.requests().getFirst().body())
                .contains("\"key\":\"k\"", "\"subject\":\"ada\"", "\"catch_up\":\"all\"");
    }

    @Test
    void aWebhookIsFilteredByWhatAnEventSays() {
        server.then(
                201,
                "{\"id\":\"w1\",\"url\":\"u\",\"pattern\":\"*\",\"filter\":{},\"status\":\"active\",\"lag\":0,"
                        + "\"created_at\":\"2026-03-01T12:00:00Z\"}");
        cairn.call(
                "webhooks",
                "create",
                "https://crm.example.com/",
                "--filter",
                "/country=RO",
                "--filter",
                "/vip=true",
                "--filter",
                "/name=\"7\"");
        assertThat(JsonMapper.shared()
                        .readTree(server.requests().getFirst().body())
                        .path("filter"))
                .isEqualTo(JsonMapper.shared().readTree("{\"/country\":\"RO\",\"/vip\":true,\"/name\":\"7\"}"));
    }

    @Test
    void deadLettersAreFilteredAlikeInEveryCommand() {
        server.then(200, "{\"items\":[]}").then(202, "{\"letters\":2}").then(202, "{\"letters\":2}");
        for (var command : List.of("list", "replay", "discard")) {
            cairn.call(
                    "dead-letters",
                    command,
                    "--type",
                    "mail",
                    "--lane",
                    "model",
                    "--key",
                    "k",
                    "--reason",
                    "away",
                    "--before",
                    "2026-03-01");
        }
        assertThat(server.requests().getFirst().line())
                .endsWith("/v1/dead-letters?type=mail&lane=model&key=k&reason=away&before=2026-03-01T00%3A00%3A00Z");
        for (var request : server.requests().subList(1, 3)) {
            assertThat(request.body())
                    .isEqualTo("{\"type\":\"mail\",\"lane\":\"model\",\"key\":\"k\",\"reason\":\"away\","
                            + "\"before\":\"2026-03-01T00:00:00Z\"}");
        }
        assertThat(cairn.call("dead-letters", "discard").exit()).isEqualTo(2);
    }

    @Test
    void subscriptionsAreListedWithHowFarTheyAre() {
        server.then(
                200,
                "{\"items\":[{\"name\":\"board\",\"pattern\":\"*\",\"position\":\"p\",\"lag\":7,\"created_at\":\"2026-03-01T12:00:00Z\",\"parked\":2}]}");
        assertThat(cairn.call("subscriptions").lines())
                .containsExactly("NAME   PATTERN  LAG  PARKED  ACKNOWLEDGED", "board  *        7    2       -");
    }

    @Test
    void eventsAreListedByPatternAndFollowed() {
        String event = "{\"type\":\"lead.scored\",\"stream_type\":\"lead\",\"stream_id\":\"7\",\"version\":2,"
                + "\"position\":\"p2\",\"recorded_at\":\"2026-03-01T12:00:00Z\",\"payload\":{\"score\":1}}";
        server.then(200, "{\"items\":[" + event + "],\"next\":\"p2\"}");
        var listed = cairn.call("events", "lead.*", "--limit", "1");
        assertThat(listed.out()).isEqualTo("2026-03-01T12:00:00Z  lead.scored  lead/7@2  {\"score\":1}\n");
        assertThat(listed.err()).isEqualTo("There are more: --after p2\n");

        server.then(new Reply.Full(200, "text/event-stream", "id: p2\ndata: " + event + "\n\n", Map.of()))
                .then(404, "{\"title\":\"gone\"}");
        var followed = cairn.call("events", "--follow", "--after", "p1", "--json");
        assertThat(followed.out()).contains("\"type\":\"lead.scored\"");
        assertThat(followed.exit()).isEqualTo(1);
    }

    @Test
    void aMistypedCommandIsAnsweredWithTheNearestOne() {
        assertThat(cairn.call("recal", "tea").err()).contains("'recal tea' is not understood. Did you mean recall?");
    }

    @Test
    void theHelpNamesEveryCommandOfTheLauncher() {
        assertThat(cairn.call("--help").out())
                .contains(
                        "conversations",
                        "documents",
                        "serve",
                        "demo",
                        "add",
                        "recall",
                        "remember",
                        "status",
                        "events",
                        "projections",
                        "schemas",
                        "export",
                        "import",
                        "mcp",
                        "verify",
                        "version",
                        "completion");
    }

    @Test
    void aRefusedKeyIsExplainedAndNeverShown() {
        server.then(401, "{\"title\":\"Not allowed\",\"code\":\"unauthorized\",\"correlation_id\":\"c1\"}");

        var outcome = cairn.call("status", "--json");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .contains("Not allowed. Set CAIRN_API_KEY", "correlation id c1")
                .doesNotContain("secret-key");
        assertThat(outcome.out()).contains("\"code\":\"unauthorized\"").doesNotContain("secret-key");
    }

    @Test
    void aProblemIsToldWithEachOfItsErrors() {
        server.then(422, """
            {"title":"Invalid","code":"invalid","detail":"1 field is wrong",
             "errors":[{"field":"limit","code":"range","detail":"is out of range","found":"0","allowed":"1 to 100"}]}\
            """);

        assertThat(cairn.call("recall", "tea", "--limit", "0").err())
                .isEqualTo(
                        "cairn: Invalid. 1 field is wrong.\n  limit: is out of range, found 0, allowed is 1 to 100\n");
    }

    @Test
    void theKeyOfTheDataFolderIsSentToThisMachine() throws IOException {
        Files.createDirectories(folder.resolve("elsewhere"));
        Files.writeString(folder.resolve("elsewhere/admin.key"), "from-file\n");
        server.then(200, "{\"version\":\"1\",\"position\":\"p\"}");

        new Calls(folder).call("status", "--url", server.address().toString(), "--data", "elsewhere");

        assertThat(server.requests().getFirst().header("Authorization")).isEqualTo("Bearer from-file");
    }

    @Test
    void theKeyOfTheDataFolderIsNotSentToAnotherMachine() throws IOException {
        Files.createDirectories(folder.resolve("cairn-data"));
        Files.writeString(folder.resolve("cairn-data/admin.key"), "from-file\n");
        Connection connection = connection("http://192.0.2.1:7700");

        assertThat(connection.key()).isEmpty();
        assertThat(connection.keyAdvice()).isEqualTo("Set CAIRN_API_KEY to a key of that server.");
        assertThat(connection("http://localhost:7700").key()).hasValue("from-file");
    }

    private Connection connection(String url) {
        return new Connection(
                new Terminal(System.in, System.out, System.err, Map.of("CAIRN_URL", url), folder, false, false));
    }

    @Test
    void aHitIsShownWithScoreSourceAndText() {
        server.then(200, HIT);

        var outcome = cairn.call("recall", "which", "jdk", "--explain");

        assertThat(outcome.lines())
                .startsWith(
                        " 1. 0.821  docs/x.md v1 · Install › Linux · chars 120-480",
                        "    The launcher finds a JDK 25.",
                        "    relevance 0.900 · lexical 11.200 rank 1 → 0.310 · speaker +0.050");
        assertThat(outcome.err()).contains("still catching up");
        assertThat(server.requests().getFirst().body()).isEqualTo("{\"query\":\"which jdk\",\"explain\":true}");
    }

    @Test
    void filtersAreSentAsGiven() {
        server.then(200, "{\"hits\":[],\"position\":\"p\",\"stale\":false,\"took_ms\":1}");

        var outcome = cairn.call(
                "recall",
                "tea",
                "--kind",
                "message",
                "--conversation",
                "c",
                "--speaker",
                "Ann",
                "--tag",
                "a",
                "--from",
                "2026-03-01",
                "--to",
                "2026-03-02",
                "--limit",
                "3",
                "--threshold",
                "0.5");

        assertThat(outcome.out()).isEqualTo("Nothing found.\n");
        assertThat(server.requests().getFirst().body())
                .isEqualTo(
                        "{\"query\":\"tea\",\"limit\":3,\"threshold\":0.5,\"filters\":{\"kinds\":[\"message\"],\"conversation_id\":\"c\","
                                + "\"tags_any\":[\"a\"],\"speaker\":\"Ann\",\"from\":\"2026-03-01T00:00:00Z\",\"to\":\"2026-03-03T00:00:00Z\"}}");
    }

    @Test
    void jsonIsOneDocumentAndNothingElse() {
        server.then(200, HIT);

        var outcome = cairn.call("--json", "recall", "jdk");

        assertThat(outcome.out())
                .startsWith("{\"hits\":[{\"id\":\"h1\"")
                .endsWith("\"took_ms\":3}\n")
                .hasLineCount(1);
    }

    @Test
    void coloursAreOnlyForATerminal() {
        server.then(200, HIT).then(200, HIT);

        assertThat(cairn.call("recall", "jdk").out()).doesNotContain("\u001b");
        assertThat(cairn.watched("recall", "jdk").out()).contains("\u001b[33m0.821");
    }

    @Test
    void aLongTextIsCutAfterFourLines() {
        assertThat(HitList.excerpt("word ".repeat(100), 40))
                .hasSize(4)
                .last()
                .asString()
                .endsWith("…");
        assertThat(HitList.excerpt("x".repeat(500), 40))
                .hasSize(1)
                .first()
                .asString()
                .hasSizeLessThanOrEqualTo(40);
        assertThat(HitList.excerpt("  ", 40)).isEmpty();
    }

    @Test
    void whatIsRememberedIsToldWithItsPlace() {
        server.then(201, "{\"position\":\"p\",\"messages\":[{\"id\":\"m\",\"sequence\":5}]}");

        var outcome = cairn.typing("We sail on Friday.\n").call("remember", "trip", "-", "--speaker", "Ann");

        assertThat(outcome.out()).isEqualTo("Message 5 of trip (id m).\n");
        assertThat(server.requests().getFirst().body())
                .contains("\"speaker\":\"Ann\",\"content\":\"We sail on Friday.\"");
    }

    @Test
    void aProjectionThatNeverRanIsNotShownAsBeingUpToDate() {
        server.then(200, """
            {"version":"0.1.0","position":"p9","counts":{"messages":3},"projections":[
             {"name":"dense","events_behind":-1,"lag_seconds":null,"stale":true}]}\
            """);

        assertThat(cairn.call("status").out()).contains("Holds     3 messages", "dense", "never ran", "stale");
    }

    @Test
    void aRebuildIsFollowedToItsEnd() {
        String item =
                "{\"items\":[{\"name\":\"dense\",\"events_behind\":0,\"lag_seconds\":0,\"stale\":false,\"generation\":%s}]}";
        server.then(202, "{\"name\":\"dense\",\"generation\":2}")
                .then(
                        200,
                        item.formatted(
                                "1,\"state\":\"rebuilding\",\"rebuild\":{\"generation\":2,\"done\":1,\"total\":4}"))
                .then(200, item.formatted("2"));

        var outcome = cairn.watched("projections", "rebuild", "dense");

        assertThat(outcome.exit()).isZero();
        assertThat(outcome.err()).contains("1/4", "dense now runs on generation 2.");
    }

    @Test
    void aRebuildThatFailedIsAFailure() {
        server.then(202, "{\"name\":\"dense\",\"generation\":2}")
                .then(
                        200,
                        "{\"items\":[{\"name\":\"dense\",\"events_behind\":0,\"lag_seconds\":0,\"stale\":false,\"state\":\"failed\"}]}");

        assertThat(cairn.call("projections", "rebuild", "dense").exit()).isEqualTo(1);
    }

    @Test
    void aRollbackIsFollowedUntilItHasSwitched() {
        server.then(202, "{\"name\":\"dense\",\"generation\":1}")
                .then(
                        200,
                        "{\"items\":[{\"name\":\"dense\",\"events_behind\":0,\"lag_seconds\":0,\"stale\":false,\"generation\":1}]}");

        var outcome = cairn.watched("projections", "rollback", "dense");

        assertThat(outcome.exit()).isZero();
        assertThat(outcome.err()).contains("dense now runs on generation 1.");
    }

    @Test
    void aSkippedKeySaysHowManyEventsWereGivenUp() {
        server.then(200, "{\"skipped\":3,\"parked\":0}");

        assertThat(cairn.call("projections", "skip", "dense", "doc-7").out())
                .isEqualTo("3 events of doc-7 skipped, 0 keys still parked.\n");
    }

    @Test
    void conversationsAreListedShownAndDeleted() throws IOException {
        server.then(200, "{\"items\":[{\"id\":\"ops\",\"message_count\":2,\"updated_at\":\"2026-03-01T00:00:00Z\"}]}")
                .then(
                        200,
                        "{\"items\":[{\"id\":\"m1\",\"sequence\":1,\"role\":\"user\",\"speaker\":\"Ana\",\"content\":\"Hello\"}]}")
                .then(200, "{\"position\":\"p8\",\"id\":\"m1\"}")
                .then(200, "{\"position\":\"p9\",\"id\":\"ops\"}")
                .then(200, "{\"items\":[]}");
        assertThat(cairn.call("conversations").lines())
                .containsExactly(
                        "CONVERSATION  MESSAGES  LAST                  TITLE",
                        "ops           2         2026-03-01T00:00:00Z  -");
        assertThat(cairn.call("conversations", "show", "ops").lines()).startsWith("Ana  [m1]", "Hello");
        assertThat(cairn.call("conversations", "delete", "ops", "--message", "m1")
                        .out())
                .isEqualTo("Deleted m1 (position p8).\n");
        assertThat(cairn.call("conversations", "delete", "ops").out()).isEqualTo("Deleted ops (position p9).\n");
        assertThat(cairn.call("conversations", "list").out()).isEqualTo("There is no conversation.\n");
    }

    @Test
    void documentsAreListedShownAndDeleted() throws IOException {
        server.then(
                        200,
                        "{\"items\":[{\"id\":\"a.md\",\"version\":3,\"media_type\":\"text/markdown\",\"title\":\"Guide\"}]}")
                .then(200, "{\"id\":\"a.md\",\"version\":3,\"content\":\"# Guide\"}")
                .then(200, "{\"items\":[{\"id\":\"a.md\",\"version\":2},{\"id\":\"a.md\",\"version\":3}]}")
                .then(200, "{\"id\":\"a.md\",\"version\":2,\"content\":\"# Draft\"}")
                .then(200, "{\"position\":\"p9\",\"id\":\"a.md\"}");
        assertThat(cairn.call("documents").lines())
                .containsExactly("DOCUMENT  VERSION  TYPE           TITLE", "a.md      3        text/markdown  Guide");
        assertThat(cairn.call("documents", "show", "a.md").out()).isEqualTo("# Guide\n");
        assertThat(cairn.call("documents", "versions", "a.md").lines())
                .containsExactly("VERSION  RECORDED  TITLE", "2        -         -", "3        -         -");
        assertThat(cairn.call("documents", "show", "a.md", "--version", "2").out())
                .isEqualTo("# Draft\n");
        assertThat(cairn.call("documents", "delete", "a.md").out()).isEqualTo("Deleted a.md (position p9).\n");
    }

    @Test
    void aSchemaIsRegisteredFromAFileAndShown() throws IOException {
        Files.writeString(folder.resolve("v1.json"), "{\"schema\":{\"type\":\"object\"}}");
        server.then(201, "{\"type\":\"lead.scored\",\"version\":1,\"status\":\"created\",\"position\":\"p1\"}")
                .then(200, "{\"items\":[{\"type\":\"lead.scored\",\"newest\":1,\"description\":\"A lead.\"}]}")
                .then(200, "{\"items\":[{\"type\":\"lead.scored\",\"version\":1,\"schema\":true}]}")
                .then(200, "{\"type\":\"lead.scored\",\"version\":1,\"schema\":{\"type\":\"object\"}}")
                .then(200, "{\"type\":\"lead.scored\",\"version\":1,\"schema\":{\"type\":\"object\"}}");

        assertThat(cairn.call("schemas", "put", "lead.scored", "1", "v1.json").out())
                .isEqualTo("lead.scored version 1: created (position p1).\n");
        assertThat(cairn.call("schemas").out())
                .isEqualTo("TYPE         NEWEST  DESCRIPTION\nlead.scored  1       A lead.\n");
        assertThat(cairn.call("schemas", "show", "lead.scored").lines())
                .containsExactly("VERSION  UPCASTER  DESCRIPTION", "1        -         -");
        assertThat(cairn.call("schemas", "show", "lead.scored", "1").out()).contains("\"type\" : \"object\"");
        assertThat(cairn.call("schemas", "show", "lead.scored", "1", "--json").out())
                .hasLineCount(1);
        assertThat(server.requests().getFirst().body()).isEqualTo("{\"schema\":{\"type\":\"object\"}}");
    }

    @Test
    void aSlipInASchemaFileIsToldBeforeAnythingIsSent() throws IOException {
        Files.writeString(folder.resolve("v1.json"), "{\"schemas\":{}}");

        var outcome = cairn.call("schemas", "put", "lead.scored", "1", "v1.json");

        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err()).contains("v1.json is not a JSON object with schema, upcaster, examples");
        assertThat(server.requests()).isEmpty();
        assertThat(cairn.call("schemas", "put", "lead.scored", "1", "none.json").err())
                .contains("none.json does not exist");
    }

    @Test
    void parkedKeysAreListedAndRetried() {
        server.then(
                        200,
                        "{\"items\":[{\"key\":\"doc-7\",\"position\":\"p7\",\"event_type\":\"document.added\",\"error\":\"too"
                                + " odd\"}]}")
                .then(200, "{\"retried\":1,\"parked\":0}");

        assertThat(cairn.call("projections", "parked", "dense").out()).contains("doc-7", "too odd");
        assertThat(cairn.call("projections", "retry", "dense", "doc-7").out())
                .isEqualTo("1 retried, 0 still parked.\n");
    }

    @Test
    void anInterruptedExportGoesOnBehindItsLastWholeLine() throws IOException {
        Path file = folder.resolve("log.ndjson");
        Files.writeString(
                file, "{\"kind\":\"header\"}\n{\"kind\":\"event\",\"cursor\":\"k1\"}\n{\"kind\":\"event\",\"curs");
        server.then(
                200, "{\"kind\":\"header\"}\n{\"kind\":\"event\",\"cursor\":\"k2\"}\n{\"kind\":\"end\",\"lines\":1}\n");

        assertThat(cairn.call("export", "log.ndjson").exit()).isZero();

        assertThat(server.requests().getFirst().line()).isEqualTo("GET /v1/export?after=k1");
        assertThat(Files.readString(file))
                .isEqualTo("{\"kind\":\"header\"}\n"
                        + "{\"kind\":\"event\",\"cursor\":\"k1\"}\n"
                        + "{\"kind\":\"event\",\"cursor\":\"k2\"}\n"
                        + "{\"kind\":\"end\",\"lines\":1}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"kind\":\"header\"}\n{\"kind\":\"end\"}\n", "my diary\n", "{\"name\":\"x\"}\n"})
    void anExportNeverOverwritesWhatIsCompleteOrNotItsOwn(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("log.ndjson"), content);

        assertThat(cairn.call("export", "log.ndjson").exit()).isEqualTo(1);

        assertThat(Files.readString(file)).isEqualTo(content);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void anExportToStdoutIsNothingButTheExport() {
        String export = "{\"kind\":\"header\"}\n{\"kind\":\"end\",\"lines\":0}\n";
        server.then(200, export);

        assertThat(cairn.call("export", "-").out()).isEqualTo(export);
    }

    @Test
    void anImportOfAnInterruptedExportSaysThatItIsNotWhole() throws IOException {
        Files.writeString(
                folder.resolve("log.ndjson"), "{\"kind\":\"header\"}\n{\"kind\":\"event\",\"cursor\":\"k1\"}\n");
        server.then(200, "{\"imported\":1,\"skipped\":0,\"position\":\"p\"}");

        var outcome = cairn.call("import", "log.ndjson");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out()).isEqualTo("Imported 1, skipped 0 that were there already.\n");
        assertThat(outcome.err()).contains("Finish it with: cairn export log.ndjson");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        var outcome = cairn.call("import", "gone.ndjson");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).contains("gone.ndjson does not exist.");
    }

    @Test
    void completionIsAScript() {
        assertThat(cairn.call("completion").out()).contains("complete -F").contains("projections");
    }

    @Test
    void somethingElseThanACairnIsNotTakenForOne() {
        server.then(new Reply.Full(200, "text/html", "<html>", Map.of()));

        var outcome = cairn.call("status");

        assertThat(outcome.exit()).isEqualTo(3);
        assertThat(outcome.err()).contains("Is that a Cairn server?").hasLineCount(1);
        assertThat(outcome.err().getBytes(StandardCharsets.UTF_8).length).isLessThan(300);
    }
}
