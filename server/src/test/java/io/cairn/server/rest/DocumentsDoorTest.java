package io.cairn.server.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.client.wire.Wire;
import io.cairn.server.RunningCairn;
import io.cairn.server.RunningCairn.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocumentsDoorTest {
    private RunningCairn cairn;

    @BeforeAll
    void start(@TempDir Path data) {
        cairn = RunningCairn.start(data, "--cairn.limits.json=64KB", "--cairn.limits.upload=128KB");
    }

    @AfterAll
    void stop() {
        cairn.close();
    }

    private static String json(Map<String, Object> fields) {
        return Wire.requests().writeValueAsString(fields);
    }

    private Answer add(String id, String content) {
        return cairn.post("/v1/documents", json(Map.of("id", id, "content", content)));
    }

    private Answer upload(Map<String, String> fields, String fileName, String type, byte[] content) {
        var form = new StringBuilder();
        fields.forEach((name, value) ->
                form.append("--x\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n".formatted(name, value)));
        form.append("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\nContent-Type: %s\r\n\r\n"
                .formatted(fileName, type));
        return cairn.send(cairn.request("/v1/documents")
                .header("Content-Type", "multipart/form-data; boundary=x")
                .POST(BodyPublishers.concat(
                        BodyPublishers.ofString(form.toString(), UTF_8),
                        BodyPublishers.ofByteArray(content),
                        BodyPublishers.ofString("\r\n--x--\r\n"))));
    }

    @Test
    void whatAFormSaysOfAFileCountsMoreThanWhatItsPartSays() {
        upload(
                        Map.of("id", "typed", "media_type", "text/markdown"),
                        "typed.txt",
                        "text/plain",
                        "# Typed".getBytes(UTF_8))
                .has(201);
        assertThat(cairn.get("/v1/documents/typed").has(200).text("/media_type"))
                .startsWith("text/markdown");
    }

    @Test
    void aMessagesDateIsItsTimeAndWhoWroteItIsFound() {
        var mail = """
            From: Ottilie Fernsby <ottilie@example.org>
            To: Grace <grace@example.org>
            Date: Mon, 02 Mar 2026 10:15:00 +0100
            Subject: Harvest
            Content-Type: text/plain

            The apples are in.
            """.replace("\n", "\r\n");
        upload(Map.of("id", "letter"), "letter.eml", "message/rfc822", mail.getBytes(UTF_8))
                .has(201);

        assertThat(cairn.get("/v1/documents/letter").has(200).text("/at")).isEqualTo("2026-03-02T09:15:00Z");
        var found = cairn.post("/v1/recall", "{\"query\":\"Ottilie Fernsby\"}").has(200);
        assertThat(found.text("/hits/0/citation/document_id")).isEqualTo("letter");
    }

    /// A message to which a text is attached, and a picture that cannot be read.
    static final String MAIL = """
        From: Ottilie Fernsby <ottilie@example.org>
        Subject: Offer for the barn
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=b

        --b
        Content-Type: text/plain

        The offer is attached.
        --b
        Content-Type: text/plain; name="offer.txt"
        Content-Disposition: attachment; filename="offer.txt"

        Zinc roofing costs 4200 crowns.
        --b
        Content-Type: image/png
        Content-Disposition: attachment; filename="logo.png"
        Content-Transfer-Encoding: base64

        iVBORw0KGgo=
        --b--
        """.replace("\n", "\r\n");

    @Test
    void anAttachmentIsADocumentOfItsOwnThatIsFoundCitedAndDeletedWithItsMessage() {
        var stored = upload(Map.of("id", "barn.eml"), "barn.eml", "message/rfc822", MAIL.getBytes(UTF_8))
                .has(201);
        assertThat(stored.text("/parts/0/id")).isEqualTo("barn.eml!/offer.txt");
        assertThat(stored.text("/parts/0/part_of")).isEqualTo("barn.eml");
        assertThat(stored.text("/parts/0/status")).isEqualTo("created");
        assertThat(stored.json().at("/parts/0/version").asInt()).isEqualTo(1);
        assertThat(stored.text("/parts/1/name")).isEqualTo("logo.png");
        assertThat(stored.text("/parts/1/error/code")).isEqualTo("unsupported_type");

        var message = cairn.get("/v1/documents/barn.eml").has(200);
        assertThat(message.text("/parts/0/id")).isEqualTo("barn.eml!/offer.txt");
        assertThat(message.text("/parts/1/error/code")).isEqualTo("unsupported_type");
        var part = cairn.get("/v1/documents/barn.eml!%2Foffer.txt").has(200);
        assertThat(part.text("/part_of")).isEqualTo("barn.eml");
        assertThat(part.text("/title")).isEqualTo("Offer for the barn › offer.txt");

        var found = cairn.post("/v1/recall", "{\"query\":\"What does zinc roofing cost?\"}")
                .has(200);
        assertThat(found.text("/hits/0/citation/document_id")).isEqualTo("barn.eml!/offer.txt");

        cairn.delete("/v1/documents/barn.eml").has(200);
        cairn.get("/v1/documents/barn.eml!%2Foffer.txt").isProblem(404, "not_found");
    }

    @Test
    void anArchiveOfTextIsTakenInWithItsFilesAndAlsoLineByLine() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var name : List.of("a/one.md", "two.html")) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write("<p>Words of %s</p>".formatted(name).getBytes(UTF_8));
            }
        }
        var stored = upload(Map.of("id", "both.zip"), "both.zip", "application/zip", bytes.toByteArray())
                .has(201);
        assertThat(stored.text("/parts/1/id")).isEqualTo("both.zip!/two.html");
        assertThat(cairn.get("/v1/documents/both.zip").has(200).text("/content"))
                .isEqualTo("a/one.md\ntwo.html");

        var lines = cairn.send(cairn.request("/v1/documents/import")
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(json(Map.of(
                        "id", "line.eml", "media_type", "message/rfc822", "content", MAIL.replace("barn", "byre"))))));
        assertThat(lines.response().body()).contains("line.eml!/offer.txt", "unsupported_type");
    }

    @Test
    void aDocumentWithoutContentOrWithABadFieldIsRefusedByTheFieldsName() {
        assertThat(cairn.post("/v1/documents", "{\"id\":\"x\"}")
                        .isProblem(422, "invalid")
                        .text("/errors/0/field"))
                .isEqualTo("content");
        assertThat(cairn.post("/v1/documents", "{\"content\":\"x\",\"language\":\"klingonish\"}")
                        .isProblem(422, "invalid")
                        .text("/errors/0/field"))
                .isEqualTo("language");
        assertThat(cairn.post("/v1/documents", "{\"content\":\"x\",\"tags\":[\"a\",\" \"]}")
                        .isProblem(422, "invalid")
                        .text("/errors/0/field"))
                .isEqualTo("tags[1]");
        assertThat(cairn.post("/v1/documents", "{\"content\":\"x\",\"id\":\"a\\u0000b\"}")
                        .isProblem(422, "invalid")
                        .text("/errors/0/field"))
                .isEqualTo("id");
        assertThat(cairn.post("/v1/documents", "{\"content\":\"x\\ud800\"}")
                        .isProblem(422, "invalid")
                        .text("/errors/0/field"))
                .isEqualTo("content");
    }

    @Test
    void anEmptyDocumentIsRefusedWithItsReason() {
        var answer = add("empty", "  ").isProblem(422, "unreadable");
        assertThat(answer.text("/errors/0/code")).isEqualTo("empty");
        cairn.get("/v1/documents/empty").isProblem(404, "not_found");
    }

    @Test
    void aBodyOverTheLimitIsRefusedNamingTheLimit() {
        var answer = add("large", "x".repeat(70_000)).isProblem(413, "too_large");
        assertThat(answer.text("/detail")).contains("65536");
    }

    @Test
    void aChunkedBodyOverTheLimitIsRefusedWhileItIsRead() {
        var bytes = json(Map.of("content", "x".repeat(70_000))).getBytes(UTF_8);
        cairn.send(cairn.request("/v1/documents")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(bytes))))
                .isProblem(413, "too_large");
    }

    @Test
    void anUploadOverTheLimitIsRefusedNamingTheLimit() {
        var answer = upload(Map.of("id", "big"), "big.txt", "text/plain", new byte[200_000])
                .isProblem(413, "too_large");
        assertThat(answer.text("/detail")).contains("131072");
        cairn.get("/v1/documents/big").isProblem(404, "not_found");
    }

    @Test
    void aFormWithoutAFileOrWithAnUnknownFieldIsRefused() {
        assertThat(upload(Map.of("colour", "red"), "a.txt", "text/plain", "hello form".getBytes(UTF_8))
                        .isProblem(422, "invalid")
                        .text("/detail"))
                .contains("colour");
        cairn.send(cairn.request("/v1/documents")
                        .header("Content-Type", "multipart/form-data; boundary=x")
                        .POST(BodyPublishers.ofString(
                                "--x\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\na\r\n--x--\r\n")))
                .isProblem(422, "invalid");
        cairn.send(cairn.request("/v1/documents")
                        .header("Content-Type", "multipart/form-data")
                        .POST(BodyPublishers.ofString("no boundary")))
                .isProblem(400, "malformed_request");
    }

    @Test
    void theSameContentUnderAnotherIdIsRefusedNamingItsHolder() {
        add("holder", "Only one may hold this.").has(201);
        assertThat(add("second", "Only one may hold this.")
                        .isProblem(409, "content_exists")
                        .text("/detail"))
                .contains("holder");
    }

    @Test
    void aVersionThatMovedIsRefusedWithTheActualOne() {
        add("moved", "First").has(201);
        var answer = cairn.post("/v1/documents", json(Map.of("id", "moved", "content", "Second")), "If-Match", "\"7\"")
                .isProblem(412, "version_mismatch");
        assertThat(answer.json().path("actual_version").asLong()).isEqualTo(1);
        cairn.post("/v1/documents", json(Map.of("id", "moved", "content", "Second")), "If-Match", "\"1\"")
                .has(200);
        cairn.post("/v1/documents", json(Map.of("id", "moved", "content", "Third")), "If-Match", "soon")
                .isProblem(422, "invalid");
    }

    @Test
    void aDeletedDocumentStaysBurnt() {
        add("burnt", "Here today").has(201);
        cairn.delete("/v1/documents/burnt").has(200);
        cairn.get("/v1/documents/burnt").isProblem(404, "not_found");
        add("burnt", "Here again").isProblem(409, "deleted");
        cairn.delete("/v1/documents/never").isProblem(404, "not_found");
    }

    @Test
    void aDocumentComesBackAsItWasGivenAndNewContentIsANewVersion() {
        var created = cairn.post("/v1/documents", """
            {"id":"docs/guide.md","title":"Guide","content":"# Guide\\n\\nSail at dawn.","media_type":"text/markdown",
             "source_type":"manual","language":"en","tags":["a","b"],"metadata":{"n":1.10},"at":"2026-01-02T03:04:05Z"}\
            """).has(201);
        assertThat(created.text("/status")).isEqualTo("created");
        var read = cairn.get("/v1/documents/docs%2Fguide.md").has(200);
        assertThat(read.text("/content")).contains("Sail at dawn.");
        assertThat(read.text("/language")).isEqualTo("en");
        assertThat(read.json().path("metadata").toString()).isEqualTo("{\"n\":1.10}");
        assertThat(read.header("ETag")).isEqualTo("\"1\"");
        var again = add("plain", "Same");
        assertThat(add("plain", "Same").has(200).text("/status")).isEqualTo("unchanged");
        var next = add("plain", "Other").has(200);
        assertThat(next.text("/status")).isEqualTo("updated");
        assertThat(next.json().path("version").asInt()).isEqualTo(2);
        assertThat(again.status()).isEqualTo(201);
    }

    @Test
    void anIdempotencyKeyKeepsADocumentOnce() {
        var body = json(Map.of("content", "Kept once " + UUID.randomUUID()));
        var first =
                cairn.post("/v1/documents", body, "Idempotency-Key", "doc-1").has(201);
        var second =
                cairn.post("/v1/documents", body, "Idempotency-Key", "doc-1").has(200);
        assertThat(second.text("/id")).isEqualTo(first.text("/id"));
        cairn.post("/v1/documents", json(Map.of("content", "Something else")), "Idempotency-Key", "doc-1")
                .isProblem(409, "id_reused");
    }

    @Test
    void anUploadedFileIsKeptWithItsFields() {
        var answer = upload(
                        Map.of("id", "notes.txt", "tags", "t1", "metadata", "{\"k\":\"v\"}"),
                        "notes.txt",
                        "text/plain",
                        "Uploaded notes about tides.".getBytes(UTF_8))
                .has(201);
        assertThat(answer.text("/id")).isEqualTo("notes.txt");
        var read = cairn.get("/v1/documents/notes.txt").has(200);
        assertThat(read.text("/content")).isEqualTo("Uploaded notes about tides.");
        assertThat(read.json().at("/tags/0").asString()).isEqualTo("t1");
        assertThat(read.text("/metadata/k")).isEqualTo("v");
    }

    @Test
    void eachDocumentOfABatchSucceedsOrFailsAlone() {
        var answer = cairn.post("/v1/documents/batch", """
            {"documents":[{"id":"b1","content":"Batch one"},{"id":"b2","content":" "},null,
                          {"id":"b1","content":"Batch one, again"},{"content":7777777,"id":"b4"}]}\
            """).isProblem(422, "invalid");
        assertThat(answer.text("/errors/0/field")).isEqualTo("documents[4].content");
        var results = cairn.post("/v1/documents/batch", """
            {"documents":[{"id":"b1","content":"Batch one"},{"id":"b2","content":" "},null,
                          {"id":"b1","content":"Batch one, again"}]}\
            """).has(200).json().path("results");
        assertThat(results.valueStream().map(result -> result.path("status").asString()))
                .containsExactly("created", "rejected", "rejected", "updated");
        assertThat(results.at("/1/error/code").asString()).isEqualTo("empty");
        assertThat(results.at("/1/index").asInt()).isEqualTo(1);
        assertThat(results.at("/3/version").asInt()).isEqualTo(2);
    }

    @Test
    void tooManyDocumentsAreRefusedWithTheLimitsName() {
        var documents = IntStream.range(0, 1001)
                .mapToObj(i -> "{\"content\":\"d" + i + "\"}")
                .collect(Collectors.joining(","));
        assertThat(cairn.post("/v1/documents/batch", "{\"documents\":[" + documents + "]}")
                        .isProblem(422, "batch_too_large")
                        .text("/detail"))
                .contains("max-batch-size");
    }

    @Test
    void anImportAnswersLineByLineWhateverALineHolds() {
        var lines = """
                {"id":"i1","content":"Line one"}

                {"id":"i2","content":
                {"id":"i3","colour":"red","content":"x"}
                {"id":"i4","content":"Line four"}
                null
                """
                + "{\"id\":\"i5\",\"content\":\"" + "y".repeat(70_000) + "\"}\n{\"id\":\"i6\",\"content\":\"Last\"}";
        var answer = cairn.send(cairn.request("/v1/documents/import")
                        .header("Content-Type", "application/x-ndjson")
                        .POST(BodyPublishers.ofString(lines)))
                .has(200);
        assertThat(answer.header("Content-Type")).startsWith("application/x-ndjson");
        var results = answer.response()
                .body()
                .lines()
                .map(line -> Wire.responses().readTree(line))
                .toList();
        assertThat(results)
                .extracting(result -> result.path("status").asString())
                .containsExactly("created", "rejected", "rejected", "created", "rejected", "rejected", "created");
        assertThat(results).extracting(result -> result.path("index").asInt()).containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(results.get(1).at("/error/code").asString()).isEqualTo("malformed_json");
        assertThat(results.get(2).at("/error/field").asString()).isEqualTo("colour");
        assertThat(results.get(5).at("/error/code").asString()).isEqualTo("too_large");
        cairn.get("/v1/documents/i6").has(200);
    }

    @Test
    void documentsAreListedWithoutTheirContentPageByPage() {
        add("list-1", "One for the list").has(201);
        add("list-2", "Two for the list").has(201);
        JsonNode page = cairn.get("/v1/documents?limit=1&after=list-").has(200).json();
        assertThat(page.at("/items/0/id").asString()).isEqualTo("list-1");
        assertThat(page.at("/items/0").has("content")).isFalse();
        var next = cairn.get("/v1/documents?limit=1&after=" + page.path("next").asString())
                .has(200)
                .json();
        assertThat(next.at("/items/0/id").asString()).isEqualTo("list-2");
    }
}
