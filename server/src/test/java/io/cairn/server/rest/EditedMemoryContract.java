package io.cairn.server.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.server.RunningCairn;
import io.cairn.server.http.Json;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What users take back, describe and bring back, from the door to the store.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EditedMemoryContract {
    private RunningCairn cairn;
    private Path folder;
    private int imports;

    /// Of the server's store.
    abstract List<String> settings();

    @BeforeAll
    void start(@TempDir Path data) {
        folder = data;
        cairn = RunningCairn.startCheaply(data.resolve("one"), settings().toArray(String[]::new));
    }

    @AfterAll
    void stop() {
        cairn.close();
    }

    @Test
    void aDeletedMessageLeavesListWindowAndRecallAndStaysAwayAfterRebuildAndImport() {
        cairn.post("/v1/conversations/cellar/messages", """
            {"messages":[{"id":"a/1","role":"user","content":"Where is the cellar key?"},
                         {"id":"a/2","role":"user","content":"Beneath the marmot."},
                         {"id":"a/3","role":"user","content":"Thank you."}]}\
            """).has(201);
        cairn.delete("/v1/conversations/cellar/messages/a%2F2").has(200);

        assertThat(recalled("marmot")).noneMatch(text -> text.contains("marmot"));
        assertThat(contents("/v1/conversations/cellar/messages"))
                .containsExactly("Where is the cellar key?", "Thank you.");
        var conversation = cairn.get("/v1/conversations/cellar").has(200).json();
        assertThat(conversation.path("message_count").asInt()).isEqualTo(2);
        cairn.delete("/v1/conversations/cellar/messages/a%2F9").isProblem(404, "not_found");
        cairn.delete("/v1/conversations/none/messages/a%2F1").isProblem(404, "not_found");
        assertThat(cairn.post("/v1/conversations/cellar/messages", """
            {"messages":[{"id":"a/2","role":"user","content":"Beneath the marmot."}]}\
            """)
                        .isProblem(409, "deleted")
                        .text("/detail"))
                .contains("a/2");

        rebuilt(cairn, "conversations");
        rebuilt(cairn, "lexical");
        assertThat(recalled("marmot")).noneMatch(text -> text.contains("marmot"));
        assertThat(contents("/v1/conversations/cellar/messages")).hasSize(2);
        elsewhere(other -> {
            assertThat(contents(other, "/v1/conversations/cellar/messages"))
                    .containsExactly("Where is the cellar key?", "Thank you.");
            assertThat(recalled(other, "marmot")).noneMatch(text -> text.contains("marmot"));
            assertThat(recalled(other, "cellar")).isNotEmpty();
        });
    }

    @Test
    void whatAConversationIsAboutIsSearchedAsItWasSaidLast() {
        cairn.post("/v1/conversations/roof/messages", """
            {"messages":[{"role":"user","content":"It will be done in May."}]}\
            """).has(201);
        cairn.put("/v1/conversations/roof", "{\"title\":\"Thatching\",\"metadata\":{\"place\":\"Uppsala\"}}")
                .has(200);
        assertThat(recalled("thatching")).contains("It will be done in May.");
        assertThat(recalled("Uppsala")).contains("It will be done in May.");

        cairn.put("/v1/conversations/roof", "{\"title\":\"Slates\"}").has(200);
        assertThat(recalled("slates")).contains("It will be done in May.");
        rebuilt(cairn, "lexical");
        assertThat(recalled("slates")).contains("It will be done in May.");
        elsewhere(other -> assertThat(recalled(other, "slates")).contains("It will be done in May."));
    }

    @Test
    void whatIsAttachedToAMessageGoesWhereItGoes() {
        var mail = """
            Subject: Kayaks
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain

            As promised.
            --b
            Content-Type: text/plain
            Content-Disposition: attachment; filename="%s"

            A paddle of larch costs %d.
            --b--
            """;
        for (int price : List.of(3, 4)) {
            var body = Json.mapper()
                    .writeValueAsString(Map.of(
                            "id",
                            "kayaks.eml",
                            "media_type",
                            "message/rfc822",
                            "content",
                            mail.formatted(price == 3 ? "old.txt" : "new.txt", price)));
            var stored = cairn.post("/v1/documents", body);
            assertThat(stored.status()).as(stored.response().body()).isBetween(200, 201);
        }
        cairn.get("/v1/documents/kayaks.eml!%2Fold.txt").isProblem(404, "not_found");
        assertThat(recalledDocuments(cairn))
                .contains("A paddle of larch costs 4.")
                .noneMatch(text -> text.contains("costs 3"));
        elsewhere(other -> {
            assertThat(recalledDocuments(other)).contains("A paddle of larch costs 4.");
            assertThat(other.get("/v1/documents/kayaks.eml!%2Fnew.txt").has(200).text("/part_of"))
                    .isEqualTo("kayaks.eml");
            other.delete("/v1/documents/kayaks.eml").has(200);
            assertThat(recalledDocuments(other)).noneMatch(text -> text.contains("larch"));
        });
    }

    private static List<String> recalledDocuments(RunningCairn from) {
        var answer = from.post("/v1/recall", "{\"query\":\"larch paddle\",\"filters\":{\"kinds\":[\"document\"]}}")
                .has(200)
                .json();
        return texts(answer.path("hits"), "text");
    }

    @Test
    void messagesThatOnlyCallToolsAreKeptAndTheTalkGoesOnAroundThem() {
        var body = """
            {"messages":[{"id":"t1","role":"user","content":"How warm is the greenhouse?"},
                         {"id":"t2","role":"assistant","content":null,"tool_calls":[
                            {"id":"call_1","type":"function","function":{"name":"thermometer","arguments":"{\\"n\\":1}"}}]},
                         {"id":"t3","role":"tool","content":"","tool_call_id":"call_1"},
                         {"id":"t4","role":"assistant","content":"It has 31 degrees."}]}\
            """;
        cairn.post("/v1/conversations/tools/messages", body).has(201);
        cairn.post("/v1/conversations/tools/messages", body).has(200);

        var messages =
                cairn.get("/v1/conversations/tools/messages").has(200).json().path("items");
        assertThat(messages.at("/1/content").asString("none")).isEmpty();
        assertThat(messages.at("/1/tool_calls/0/function/arguments").asString()).isEqualTo("{\"n\":1}");
        assertThat(messages.at("/2/tool_call_id").asString()).isEqualTo("call_1");
        assertThat(messages.get(0).has("tool_calls")).isFalse();
        assertThat(recalled("greenhouse warm")).contains("How warm is the greenhouse?", "It has 31 degrees.");
        cairn.post("/v1/conversations/tools/messages", body.replace("thermometer", "barometer"))
                .isProblem(409, "id_reused");
        for (var bad : List.of(
                "{\"role\":\"assistant\",\"content\":\"\"}",
                "{\"role\":\"assistant\",\"tool_calls\":[]}",
                "{\"role\":\"assistant\",\"tool_calls\":[null]}",
                "{\"role\":\"assistant\",\"tool_calls\":[{\"a\":\"\\u0000\"}]}",
                "{\"role\":\"tool\",\"tool_call_id\":\"\"}")) {
            cairn.post("/v1/conversations/tools/messages", "{\"messages\":[" + bad + "]}")
                    .isProblem(422, "invalid");
        }
        assertThat(cairn.post("/v1/conversations/tools/messages", """
            {"messages":[{"role":"assistant","tool_calls":[{"a":"%s"}]}]}\
            """.formatted("x".repeat(1_000_000)))
                        .isProblem(422, "invalid")
                        .text("/errors/0/field"))
                .isEqualTo("messages[0].tool_calls");
    }

    @Test
    void olderVersionsOfADocumentAreReadAndOnlyTheCurrentOneIsFound() {
        store("guide", "The ferry leaves at nine.", 201);
        store("guide", "The ferry leaves at ten.", 200);
        cairn.post("/v1/documents", """
            {"id":"guide","title":"Ferry","content":"The ferry leaves at eleven."}\
            """).has(200);

        var versions =
                cairn.get("/v1/documents/guide/versions?limit=2").has(200).json();
        assertThat(versions.at("/items/0/version").asInt()).isEqualTo(1);
        assertThat(versions.at("/items/0/active").asBoolean()).isFalse();
        assertThat(versions.at("/items/0/content").isMissingNode()).isTrue();
        var rest = cairn.get("/v1/documents/guide/versions?after="
                        + versions.path("next").asString())
                .has(200)
                .json();
        assertThat(rest.path("items")).hasSize(1);
        assertThat(rest.at("/items/0/active").asBoolean()).isTrue();
        assertThat(rest.at("/items/0/title").asString()).isEqualTo("Ferry");
        var second = cairn.get("/v1/documents/guide/versions/2").has(200);
        assertThat(second.text("/content")).isEqualTo("The ferry leaves at ten.");
        assertThat(second.header("ETag")).isEqualTo("\"2\"");
        for (var none : List.of("0", "4", "999999999999999999")) {
            cairn.get("/v1/documents/guide/versions/" + none).isProblem(404, "not_found");
        }
        cairn.get("/v1/documents/guide/versions/two").isProblem(422, "invalid");
        cairn.get("/v1/documents/none/versions").isProblem(404, "not_found");
        assertThat(recalled("ferry leaves"))
                .contains("The ferry leaves at eleven.")
                .noneMatch(text -> text.contains("ten."));
    }

    @Test
    void theIdOfADeletedDocumentComesBackByAWordWithoutItsOldContent() {
        store("README.md", "The old lighthouse is green.", 201);
        store("README.md", "The old lighthouse is blue.", 200);
        cairn.delete("/v1/documents/README.md").has(200);
        cairn.get("/v1/documents/README.md/versions").isProblem(404, "not_found");
        cairn.get("/v1/documents/README.md/versions/1").isProblem(404, "not_found");
        assertThat(cairn.post("/v1/documents", """
            {"id":"README.md","content":"The new lighthouse is red."}\
            """).isProblem(409, "deleted").text("/detail"))
                .contains("reuse_deleted_id");

        var again = cairn.post("/v1/documents", """
            {"id":"README.md","content":"The new lighthouse is red.","reuse_deleted_id":true}\
            """).has(201);
        assertThat(again.json().path("version").asInt()).isEqualTo(4);
        store("README.md", "The new lighthouse is white.", 200);
        cairn.post("/v1/documents", """
            {"id":"README.md","content":"The new lighthouse is white.","reuse_deleted_id":true}\
            """).has(200);

        rebuilt(cairn, "lexical");
        assertThat(texts(
                        cairn.get("/v1/documents/README.md/versions")
                                .has(200)
                                .json()
                                .path("items"),
                        "version"))
                .containsExactly("4", "5");
        for (int version = 1; version <= 3; version++) {
            cairn.get("/v1/documents/README.md/versions/" + version).isProblem(404, "not_found");
        }
        assertThat(recalled("old lighthouse"))
                .contains("The new lighthouse is white.")
                .noneMatch(text -> text.contains("old"));
        elsewhere(other -> {
            rebuilt(other, "documents");
            other.get("/v1/documents/README.md/versions/2").isProblem(404, "not_found");
            assertThat(other.get("/v1/documents/README.md/versions/4").has(200).text("/content"))
                    .isEqualTo("The new lighthouse is red.");
        });
    }

    @Test
    void aConversationSaysWhatItIsAboutAndItsMessagesStayAsTheyAre() {
        cairn.put("/v1/conversations/trip", "{\"title\":\"Trip to Cluj\",\"metadata\":{\"n\":1.50}}")
                .has(200);
        assertThat(cairn.get("/v1/conversations/trip")
                        .has(200)
                        .json()
                        .path("message_count")
                        .asInt(-1))
                .isZero();
        cairn.post("/v1/conversations/trip/messages", """
            {"messages":[{"id":"q1","role":"user","content":"When do we leave?"},
                         {"id":"q2","role":"user","content":"At dawn."}]}\
            """).has(201);
        var again = "{\"title\":\"Trip to Sibiu\",\"metadata\":{\"n\":1.50}}";
        var position = cairn.put("/v1/conversations/trip", again).has(200).text("/position");
        assertThat(cairn.put("/v1/conversations/trip", again).has(200).text("/position"))
                .as("the same again")
                .isEqualTo(position);
        cairn.delete("/v1/conversations/trip/messages/q1").has(200);

        rebuilt(cairn, "conversations");
        var trip = cairn.get("/v1/conversations/trip").has(200);
        assertThat(trip.text("/title")).isEqualTo("Trip to Sibiu");
        assertThat(trip.response().body()).contains("\"n\":1.50");
        assertThat(trip.json().path("message_count").asInt()).isEqualTo(1);
        assertThat(contents("/v1/conversations/trip/messages")).containsExactly("At dawn.");
        assertThat(texts(cairn.get("/v1/conversations").has(200).json().path("items"), "title"))
                .contains("Trip to Sibiu");
        elsewhere(
                other -> assertThat(other.get("/v1/conversations/trip").has(200).text("/title"))
                        .isEqualTo("Trip to Sibiu"));
        cairn.put("/v1/conversations/trip", "{}").has(200);
        assertThat(cairn.get("/v1/conversations/trip").has(200).json().has("title"))
                .isFalse();
        cairn.put("/v1/conversations/trip", "{\"title\":\" \"}").isProblem(422, "invalid");
        cairn.delete("/v1/conversations/trip").has(200);
        cairn.put("/v1/conversations/trip", again).isProblem(409, "deleted");
    }

    @Test
    void metadataIsFilteredByValueAndDocumentsByTheirTitle() {
        cairn.post("/v1/documents/batch", """
            {"documents":[
                {"id":"f1","title":"Pump A","content":"The pump hums.","metadata":{"floor":2,"open":true}},
                {"id":"f2","title":"Pump B","content":"The pump rattles.","metadata":{"floor":"2","open":"true"}},
                {"id":"f3","title":"pump a","content":"The pump is silent.","metadata":{"floor":2.50}}]}\
            """).has(200);
        var position =
                cairn.post("/v1/conversations/pumps/messages", """
                    {"messages":[{"role":"user","content":"The pump leaks.","metadata":{"floor":2.00}}]}\
                    """).has(201).text("/position");

        for (var filter : List.of("2", "2.0", "20e-1", "0.2E+1")) {
            assertThat(found("{\"metadata\":{\"floor\":%s}}".formatted(filter), position))
                    .as(filter)
                    .containsExactlyInAnyOrder("The pump hums.", "The pump leaks.");
        }
        assertThat(found("{\"metadata\":{\"floor\":\"2\"}}", position)).containsExactly("The pump rattles.");
        assertThat(found("{\"metadata\":{\"floor\":\"2.0\"}}", position)).isEmpty();
        assertThat(found("{\"metadata\":{\"floor\":2.5}}", position)).containsExactly("The pump is silent.");
        assertThat(found("{\"metadata\":{\"open\":true}}", position)).containsExactly("The pump hums.");
        assertThat(found("{\"metadata\":{\"open\":\"true\"}}", position)).containsExactly("The pump rattles.");
        assertThat(found("{\"title\":\"Pump A\"}", position)).containsExactly("The pump hums.");
        assertThat(found("{\"title\":\"Pump\"}", position)).isEmpty();
        cairn.post("/v1/recall", "{\"query\":\"pump\",\"filters\":{\"title\":\" \"}}")
                .isProblem(422, "invalid");
    }

    @Test
    void aCitationSaysWhichStretchOfHowManyItIs() {
        var chapters = new StringBuilder();
        for (int i = 1; i <= 4; i++) {
            chapters.append("# Chapter ")
                    .append(i)
                    .append("\\n\\n")
                    .append("Walrus %d swims. ".formatted(i).repeat(60))
                    .append("\\n\\n");
        }
        cairn.post(
                        "/v1/documents",
                        "{\"id\":\"walrus\",\"media_type\":\"text/markdown\",\"content\":\"%s\"}".formatted(chapters))
                .has(201);

        var citation = hits("Walrus 3 swims", "{\"document_id\":\"walrus\"}").at("/0/citation");
        assertThat(citation.path("chunk_count").asInt()).isEqualTo(4);
        assertThat(citation.path("chunk_index").asInt()).isEqualTo(2);
    }

    private List<String> found(String filters, String position) {
        var answer = cairn.post("/v1/recall", """
            {"query":"pump","filters":%s,"min_position":"%s"}\
            """.formatted(filters, position)).has(200);
        return texts(answer.json().path("hits"), "text");
    }

    private JsonNode hits(String query, String filters) {
        return cairn.post("/v1/recall", "{\"query\":\"%s\",\"filters\":%s}".formatted(query, filters))
                .has(200)
                .json()
                .path("hits");
    }

    private void store(String id, String content, int status) {
        cairn.post("/v1/documents", "{\"id\":\"%s\",\"content\":\"%s\"}".formatted(id, content))
                .has(status);
    }

    /// Takes an export of the log into another installation, whose statements nobody counts: an import is long work.
    final void elsewhere(Consumer<RunningCairn> looked) {
        var export = cairn.get("/v1/export").has(200).response().body();
        var key = "--cairn.master-key-file=" + folder.resolve("one").resolve("master.key");
        try (var other = RunningCairn.startCheaply(
                folder.resolve("other" + imports++),
                key,
                "--cairn.development=false",
                "--cairn.recall.fresh-wait=60s")) {
            other.send(other.request("/v1/import")
                            .header("Content-Type", "application/x-ndjson")
                            .POST(BodyPublishers.ofString(export)))
                    .has(200);
            looked.accept(other);
        }
    }

    private static void rebuilt(RunningCairn at, String projection) {
        at.post("/v1/projections/" + projection + "/rebuild", "").has(202);
        await().untilAsserted(() -> {
            var state = at.get("/v1/projections").has(200).json();
            assertThat(state.path("items")
                            .valueStream()
                            .filter(found -> found.path("name").asString().equals(projection)))
                    .as(state.toPrettyString())
                    .singleElement()
                    .satisfies(found ->
                            assertThat(found.path("rebuild").isMissingNode()).isTrue());
        });
    }

    final RunningCairn cairn() {
        return cairn;
    }

    final List<String> recalled(String query) {
        return recalled(cairn, query);
    }

    private static List<String> recalled(RunningCairn from, String query) {
        var answer = from.post("/v1/recall", "{\"query\":\"%s\"}".formatted(query))
                .has(200)
                .json();
        return texts(answer.path("hits"), "text");
    }

    final List<String> contents(String path) {
        return contents(cairn, path);
    }

    private static List<String> contents(RunningCairn from, String path) {
        return texts(from.get(path).has(200).json().path("items"), "content");
    }

    private static List<String> texts(JsonNode items, String field) {
        var texts = new ArrayList<String>();
        items.forEach(item -> texts.add(item.path(field).asString()));
        return texts;
    }
}
