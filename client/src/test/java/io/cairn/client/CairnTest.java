package io.cairn.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cairn.client.ScriptedServer.Reply;
import io.cairn.client.wire.DocumentResult;
import io.cairn.client.wire.DocumentStatus;
import io.cairn.client.wire.Imported;
import io.cairn.client.wire.Message;
import io.cairn.client.wire.NewDocument;
import io.cairn.client.wire.NewEvent;
import io.cairn.client.wire.NewMessage;
import io.cairn.client.wire.NewSchemaVersion;
import io.cairn.client.wire.RecallRequest;
import io.cairn.client.wire.RegisteredType;
import io.cairn.client.wire.SchemaOperation;
import io.cairn.client.wire.SchemaUpcaster;
import io.cairn.client.wire.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

@Timeout(30)
class CairnTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final String STATUS = "{\"version\":\"0.1.0\",\"position\":\"p\",\"projections\":[]}";
    private static final String APPENDED = "{\"position\":\"p\",\"messages\":[{\"id\":\"m\",\"sequence\":1}]}";

    private final List<Duration> pauses = new ArrayList<>();
    private ScriptedServer server;
    private Cairn cairn;

    @BeforeEach
    void connect() throws IOException {
        server = new ScriptedServer();
        cairn = to(server.address()).connect();
    }

    @AfterEach
    void disconnect() {
        cairn.close();
        server.close();
    }

    private Cairn.Builder to(URI address) {
        return Cairn.at(address)
                .key("secret-key")
                .clock(InstantSource.fixed(NOON))
                .answerTimeout(Duration.ofMillis(700))
                .pause(pauses::add);
    }

    @Test
    void whereNobodyListensTheFailureNamesTheAddress() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        try (Cairn lonely = to(URI.create("http://127.0.0.1:" + free)).connect()) {
            var failure = catchThrowableOfType(CairnUnreachable.class, lonely::status);

            assertThat(failure).hasMessageContaining("No Cairn answers at http://127.0.0.1:" + free);
            assertThat(failure.nothingWasSent()).isTrue();
            assertThat(pauses).hasSize(3);
        }
    }

    @Test
    void aRefusalCarriesTheServersProblem() {
        server.then(422, """
                {"type":"about:blank","title":"Invalid","status":422,"code":"invalid","detail":"query is empty",
                 "remedy":"Send a query.","correlation_id":"c1","errors":[{"field":"query","code":"empty","detail":"d"}]}""");

        var problem = catchThrowableOfType(CairnProblem.class, () -> cairn.recall(""));

        assertThat(problem).hasMessage("Invalid. query is empty. Send a query.");
        assertThat(problem.code()).isEqualTo("invalid");
        assertThat(problem.problem().correlationId()).isEqualTo("c1");
        assertThat(problem.problem().errors())
                .singleElement()
                .satisfies(error -> assertThat(error.field()).isEqualTo("query"));
        assertThat(server.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "{\"title\":", "[]", "\"x\"", "null", "{}"})
    void aRefusalThatIsNoProblemStillHasItsStatus(String body) {
        server.then(new Reply.Full(404, "text/html", body, Map.of("X-Correlation-ID", "c2")));

        var problem = catchThrowableOfType(CairnProblem.class, cairn::status);

        assertThat(problem.code()).isEqualTo("http_404");
        assertThat(problem).hasMessageContaining("answered GET /v1/status with status 404");
        assertThat(problem.problem().correlationId()).isEqualTo("c2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "{\"version\":", "[]", "null", "{\"projections\":7}"})
    void anAnswerThatIsNotCairnsIsUnintelligible(String body) {
        server.then(200, body);

        assertThatThrownBy(cairn::status)
                .isInstanceOf(CairnUnintelligible.class)
                .hasMessageContaining("answered GET /v1/status with status 200");
    }

    @Test
    void aBusyServerIsAskedAgainWhenItSaid() {
        server.then(new Reply.Full(429, "text/plain", "", Map.of("Retry-After", "7")))
                .then(new Reply.Full(503, "text/plain", "", Map.of("Retry-After", "Sun, 01 Mar 2026 12:00:09 GMT")))
                .then(200, STATUS);

        assertThat(cairn.status().version()).isEqualTo("0.1.0");
        assertThat(pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(9));
    }

    @Test
    void aServerThatAsksForTooLongAWaitIsNotWaitedFor() {
        server.then(new Reply.Full(503, "text/plain", "", Map.of("Retry-After", "3600")));

        assertThatThrownBy(cairn::status).isInstanceOf(CairnProblem.class);
        assertThat(pauses).isEmpty();
    }

    @Test
    void waitsGrowAndEnd() {
        IntStream.range(0, 9).forEach(i -> server.then(503, ""));

        assertThatThrownBy(cairn::status).isInstanceOf(CairnProblem.class);
        assertThat(server.requests()).hasSize(4);
        assertThat(pauses).hasSize(3);
        assertThat(pauses.get(0)).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
        assertThat(pauses.get(2)).isBetween(Duration.ofMillis(400), Duration.ofMillis(800));
    }

    @Test
    void aMessageIsSentAgainUnderTheIdItHadAtFirst() {
        server.then(new Reply.Cut("{\"posi")).then(502, "").then(201, APPENDED);

        cairn.conversations().append("c", NewMessage.of("user", "hello"));

        assertThat(server.requests()).hasSize(3);
        assertThat(server.requests().stream().map(ScriptedServer.Request::body).distinct())
                .singleElement()
                .satisfies(body -> assertThat(body).matches(".*\"id\":\"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{20,}\".*"));
        assertThat(server.requests().stream()
                        .map(request -> request.header("X-correlation-id"))
                        .distinct())
                .hasSize(1);
    }

    @Test
    void aDeletionWhoseAnswerWasLostIsNotSentAgain() {
        server.then(new Reply.Cut("{")).then(200, "{\"position\":\"p\"}");

        var failure = catchThrowableOfType(
                CairnUnreachable.class, () -> cairn.documents().delete("d"));

        assertThat(failure.nothingWasSent()).isFalse();
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aDeletionThatWasTurnedAwayIsSentAgain() {
        server.then(503, "").then(200, "{\"position\":\"p\"}");

        assertThat(cairn.documents().delete("d").position()).isEqualTo("p");
    }

    @Test
    void aServerThatFallsSilentIsGivenUp() {
        try (Cairn hasty = to(server.address()).patience(Patience.none()).connect()) {
            server.then(new Reply.Silent("{\"version\":"));

            assertThatThrownBy(hasty::status)
                    .isInstanceOf(CairnUnreachable.class)
                    .hasMessageContaining("nothing more came");
        }
    }

    @Test
    void anInterruptedCallEndsAndStaysInterrupted() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(cairn::status).isInstanceOf(CairnUnreachable.class).hasMessageContaining("Interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void keyTenantAndCorrelationTravelAsHeaders() {
        try (Cairn tenant =
                to(server.address()).tenant("acme").correlation(() -> "c3").connect()) {
            server.then(200, STATUS);
            tenant.status();
        }

        var request = server.requests().getFirst();
        assertThat(request.header("Authorization")).isEqualTo("Bearer secret-key");
        assertThat(request.header("Cairn-tenant")).isEqualTo("acme");
        assertThat(request.header("X-correlation-id")).isEqualTo("c3");
    }

    @Test
    void aKeyThatCannotBeSentIsRefusedWithoutShowingIt() {
        Throwable refused = catchThrowable(() -> Cairn.at(server.address()).key("top secret\n"));

        assertThat(refused).isInstanceOf(IllegalArgumentException.class).hasMessageNotContaining("top");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:7700", "ftp://localhost", "http:///x", "127.0.0.1"})
    void anAddressThatIsNoneIsRefused(String address) {
        assertThatThrownBy(() -> Cairn.at(URI.create(address)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("http://127.0.0.1:7700");
    }

    @Test
    void idsMayHoldAnyCharacter() {
        server.then(200, "{\"id\":\"x\"}");

        cairn.documents().get("docs/a b?ü;%.md");

        assertThat(server.requests().getFirst().line()).isEqualTo("GET /v1/documents/docs%2Fa%20b%3F%C3%BC%3B%25.md");
    }

    @Test
    void aRecallSendsOnlyWhatWasAskedFor() {
        server.then(200, "{\"hits\":[],\"position\":\"p\",\"stale\":false,\"took_ms\":1}");

        cairn.recall(RecallRequest.of("tea").withLimit(3).withMinPosition("p1"));

        assertThat(server.requests().getFirst().body())
                .isEqualTo("{\"query\":\"tea\",\"limit\":3,\"min_position\":\"p1\"}");
    }

    @Test
    void listsAreReadPageByPage() {
        server.then(200, "{\"items\":[" + message("a") + "," + message("b") + "],\"next\":\"n/1\"}")
                .then(200, "{\"items\":[],\"next\":\"n2\"}")
                .then(200, "{\"items\":[" + message("c") + "]}");

        assertThat(cairn.conversations().messages("x").map(Message::id)).containsExactly("a", "b", "c");
        assertThat(server.requests().get(1).line()).isEqualTo("GET /v1/conversations/x/messages?after=n%2F1");
    }

    private static String message(String id) {
        return "{\"id\":\"" + id + "\",\"sequence\":1,\"role\":\"user\",\"content\":\"c\"}";
    }

    @Test
    void aConflictOnAStreamIsAValue() {
        server.then(409, "{\"title\":\"Conflict\",\"status\":409,\"code\":\"conflict\",\"actual_version\":4}")
                .then(201, "{\"position\":\"p\",\"version\":5}");
        var events = List.of(NewEvent.of("opened", Wire.responses().createObjectNode()));

        assertThat(cairn.streams().append("order", "7", Expected.version(3), events))
                .isEqualTo(new Appended.Conflict(4));
        assertThat(cairn.streams().append("order", "7", Expected.any(), events))
                .isEqualTo(new Appended.Written("p", 5));
        assertThat(server.requests().getFirst().body()).contains("\"expected\":\"3\"");
    }

    @Test
    void aReusedEventIdIsNotTakenForAConflictOfVersions() {
        server.then(409, "{\"title\":\"Reused\",\"status\":409,\"code\":\"id_reused\"}");

        assertThatThrownBy(() -> cairn.streams().append("order", "7", Expected.noStream(), List.of()))
                .isInstanceOf(CairnProblem.class);
    }

    @Test
    void aFileIsSentAsAForm(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("re\"port.pdf"), "%PDF-1.7 tiny");
        server.then(503, "").then(201, "{\"id\":\"r\",\"version\":1,\"position\":\"p\",\"status\":\"created\"}");

        var stored = cairn.documents().add(DocumentFile.of(file, "docs/r.pdf").withTags(List.of("a", "b")));

        assertThat(stored.status()).isEqualTo(DocumentStatus.CREATED);
        assertThat(server.requests().getLast().body())
                .contains(
                        "name=\"id\"\r\n\r\ndocs/r.pdf\r\n", "name=\"tags\"\r\n\r\nb\r\n", "filename=\"re%22port.pdf\"")
                .contains("%PDF-1.7 tiny\r\n--");
    }

    @Test
    void anImportThatBreaksGoesOnWithWhatHasNoResultYet() {
        server.then(new Reply.Cut(created(0) + created(2) + "{\"index\":1,\"sta"))
                .then(new Reply.Full(200, "application/x-ndjson", created(0), Map.of()));

        assertThat(imported(3)).extracting(DocumentResult::index).containsExactly(0, 2, 1);
        assertThat(server.requests().getLast().body())
                .startsWith("{\"id\":\"d1\"")
                .hasLineCount(1);
    }

    @Test
    void anImportThatNeverGetsAResultIsGivenUp() {
        IntStream.range(0, 20).forEach(i -> server.then(new Reply.Cut("")));

        assertThatThrownBy(() -> imported(2)).isInstanceOf(CairnUnreachable.class);
    }

    @Test
    void anImportThatIsTooLargeIsHalvedAndOnlyTheDocumentThatIsTooLargeAloneIsRefused() {
        server.then(413, "{\"title\":\"Too large\",\"code\":\"too_large\",\"detail\":\"at most 1 MiB\"}")
                .then(new Reply.Full(200, "application/x-ndjson", created(0), Map.of()))
                .then(413, "{\"title\":\"Too large\",\"code\":\"too_large\",\"detail\":\"at most 1 MiB\"}");

        List<DocumentResult> results = imported(2);

        assertThat(results)
                .extracting(DocumentResult::status)
                .containsExactly(DocumentStatus.CREATED, DocumentStatus.REJECTED);
        assertThat(results.getLast().error()).isNotNull().satisfies(error -> {
            assertThat(error.code()).isEqualTo("too_large");
            assertThat(error.detail()).isEqualTo("at most 1 MiB");
        });
    }

    @Test
    void aResultForADocumentThatWasNotSentIsUnintelligible() {
        server.then(new Reply.Full(200, "application/x-ndjson", created(5), Map.of()));

        assertThatThrownBy(() -> imported(2)).isInstanceOf(CairnUnintelligible.class);
    }

    @Test
    void aLargeImportGoesInPartsAndCountsOn() {
        server.then(new Reply.Full(200, "application/x-ndjson", created(0, 200), Map.of()))
                .then(new Reply.Full(200, "application/x-ndjson", created(0, 50), Map.of()));

        assertThat(imported(250))
                .extracting(DocumentResult::index)
                .containsExactlyElementsOf(IntStream.range(0, 250).boxed().toList());
    }

    private List<DocumentResult> imported(int count) {
        List<DocumentResult> results = new ArrayList<>();
        cairn.documents()
                .addAll(
                        IntStream.range(0, count)
                                .mapToObj(i -> NewDocument.of("d" + i, "text"))
                                .iterator(),
                        results::add);
        return results;
    }

    private static String created(int from, int to) {
        StringBuilder lines = new StringBuilder();
        IntStream.range(from, to).forEach(i -> lines.append(created(i)));
        return lines.toString();
    }

    private static String created(int index) {
        return "{\"index\":" + index + ",\"id\":\"d\",\"version\":1,\"status\":\"created\"}\n";
    }

    @Test
    void anExportThatBreaksIsTakenUpBehindItsLastLineWithoutASecondHeader() {
        server.then(new Reply.Cut(
                        "{\"kind\":\"header\",\"total\":2}\n{\"kind\":\"event\",\"cursor\":\"k1\"}\n{\"kind\":\"ev"))
                .then(
                        200,
                        "{\"kind\":\"header\",\"total\":1}\n{\"kind\":\"event\",\"cursor\":\"k2\"}\n{\"kind\":\"end\",\"lines\":1}\n");

        assertThat(exported())
                .containsExactly(
                        "{\"kind\":\"header\",\"total\":2}",
                        "{\"kind\":\"event\",\"cursor\":\"k1\"}",
                        "{\"kind\":\"event\",\"cursor\":\"k2\"}",
                        "{\"kind\":\"end\",\"lines\":1}");
        assertThat(server.requests().getLast().line()).isEqualTo("GET /v1/export?after=k1");
    }

    @Test
    void anExportThatLacksALineIsNoExport() {
        server.then(
                200, "{\"kind\":\"header\"}\n{\"kind\":\"event\",\"cursor\":\"k1\"}\n{\"kind\":\"end\",\"lines\":2}\n");

        assertThatThrownBy(this::exported)
                .isInstanceOf(CairnUnintelligible.class)
                .hasMessageContaining("2 lines, but 1 came");
    }

    @Test
    void anExportWithoutItsLastLineIsNoExport() {
        IntStream.range(0, 9).forEach(i -> server.then(200, "{\"kind\":\"header\"}\n"));

        assertThatThrownBy(this::exported)
                .isInstanceOf(CairnUnreachable.class)
                .hasMessageContaining("ended before its last line");
    }

    private List<String> exported() {
        List<String> lines = new ArrayList<>();
        try (Export export = cairn.archive().export(null)) {
            for (var line = export.next(); line.isPresent(); line = export.next()) {
                lines.add(line.get().json());
            }
        }
        return lines;
    }

    @Test
    void eachPartOfAnImportedArchiveGoesWithItsHeader() {
        server.then(413, "{\"title\":\"Too large\"}")
                .then(200, "{\"imported\":1,\"skipped\":0,\"position\":\"p1\"}")
                .then(200, "{\"imported\":1,\"skipped\":1,\"position\":\"p2\"}");
        List<Imported> answers = new ArrayList<>();

        cairn.archive()
                .importAll(
                        Stream.of("{\"kind\":\"header\"}", "{\"kind\":\"a\"}", "{\"kind\":\"b\"}")
                                .iterator(),
                        answers::add);

        assertThat(answers).extracting(Imported::position).containsExactly("p1", "p2");
        assertThat(server.requests())
                .extracting(ScriptedServer.Request::body)
                .containsExactly(
                        "{\"kind\":\"header\"}\n{\"kind\":\"a\"}\n{\"kind\":\"b\"}\n",
                        "{\"kind\":\"header\"}\n{\"kind\":\"a\"}\n",
                        "{\"kind\":\"header\"}\n{\"kind\":\"b\"}\n");
    }

    @Test
    void aLongAnswerIsReadWhole() {
        String text = "x".repeat(3_000_000);
        server.then(200, "{\"id\":\"d\",\"version\":1,\"content\":\"" + text + "\"}");

        assertThat(cairn.documents().get("d").content()).isEqualTo(text);
    }

    @Test
    void projectionsAreRebuiltAndTheirParkedKeysRetried() {
        server.then(200, "{\"items\":[{\"name\":\"dense\",\"events_behind\":0,\"lag_seconds\":0.5,\"stale\":false}]}")
                .then(202, "{\"name\":\"dense\",\"generation\":2}")
                .then(200, "{\"items\":[{\"key\":\"k\",\"position\":\"p\",\"error\":\"e\"}]}")
                .then(200, "{\"retried\":1}")
                .then(200, "{\"skipped\":3,\"parked\":0}")
                .then(202, "{\"name\":\"dense\",\"generation\":1}");

        assertThat(cairn.projections().list())
                .singleElement()
                .satisfies(dense -> assertThat(dense.lagSeconds()).isEqualTo(0.5));
        assertThat(cairn.projections().rebuild("dense").generation()).isEqualTo(2);
        assertThat(cairn.projections().parked("dense"))
                .singleElement()
                .satisfies(key -> assertThat(key.error()).isEqualTo("e"));
        assertThat(cairn.projections().retry("dense", "k").retried()).isEqualTo(1);
        assertThat(cairn.projections().skip("dense", "k").skipped()).isEqualTo(3);
        assertThat(cairn.projections().rollback("dense").generation()).isEqualTo(1);
        assertThat(server.requests())
                .extracting(ScriptedServer.Request::line)
                .containsExactly(
                        "GET /v1/projections",
                        "POST /v1/projections/dense/rebuild",
                        "GET /v1/projections/dense/parked",
                        "POST /v1/projections/dense/parked/retry",
                        "POST /v1/projections/dense/parked/skip",
                        "POST /v1/projections/dense/rollback");
    }

    @Test
    void schemasAreRegisteredAndRead() {
        server.then(201, "{\"type\":\"lead.scored\",\"version\":2,\"status\":\"created\",\"position\":\"p1\"}")
                .then(200, "{\"items\":[{\"type\":\"lead.scored\",\"newest\":2}]}")
                .then(200, "{\"items\":[{\"type\":\"lead.scored\",\"version\":1,\"schema\":true}],\"next\":\"1\"}")
                .then(200, "{\"items\":[]}")
                .then(
                        200,
                        "{\"type\":\"lead.scored\",\"version\":2,\"schema\":{},\"upcaster\":{\"operations\":[{\"op\":\"remove\",\"path\":\"/a\"}]}}");
        var operation = new SchemaOperation("default", "/confidence", null, JsonNodeFactory.instance.nullNode());
        var schema = NewSchemaVersion.of(JsonNodeFactory.instance.objectNode())
                .withUpcaster(SchemaUpcaster.of(List.of(operation)));

        assertThat(cairn.schemas().put("lead.scored", 2, schema).status()).isEqualTo("created");
        assertThat(cairn.schemas().list()).map(RegisteredType::newest).containsExactly(2);
        assertThat(cairn.schemas().versions("lead.scored")).hasSize(1);
        assertThat(cairn.schemas().find("lead.scored", 2).upcaster())
                .isEqualTo(SchemaUpcaster.of(List.of(new SchemaOperation("remove", "/a", null, null))));
        assertThat(server.requests())
                .extracting(ScriptedServer.Request::line)
                .containsExactly(
                        "PUT /v1/schemas/lead.scored/2",
                        "GET /v1/schemas",
                        "GET /v1/schemas/lead.scored",
                        "GET /v1/schemas/lead.scored?after=1",
                        "GET /v1/schemas/lead.scored/2");
        assertThat(server.requests().getFirst().body())
                .isEqualTo(
                        "{\"schema\":{},\"upcaster\":{\"operations\":[{\"op\":\"default\",\"path\":\"/confidence\",\"value\":null}]}}");
    }
}
