package io.cairn.server.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.server.RunningCairn;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

        rebuilt("conversations");
        rebuilt("lexical");
        assertThat(recalled("marmot")).noneMatch(text -> text.contains("marmot"));
        assertThat(contents("/v1/conversations/cellar/messages")).hasSize(2);
        elsewhere(other -> {
            assertThat(contents(other, "/v1/conversations/cellar/messages"))
                    .containsExactly("Where is the cellar key?", "Thank you.");
            assertThat(recalled(other, "marmot")).noneMatch(text -> text.contains("marmot"));
            assertThat(recalled(other, "cellar")).isNotEmpty();
        });
    }

    /// Takes an export of the log into another installation.
    final void elsewhere(Consumer<RunningCairn> looked) {
        var export = cairn.get("/v1/export").has(200).response().body();
        var key = "--cairn.master-key-file=" + folder.resolve("one").resolve("master.key");
        try (var other = RunningCairn.startCheaply(folder.resolve("other"), key)) {
            other.send(other.request("/v1/import")
                            .header("Content-Type", "application/x-ndjson")
                            .POST(BodyPublishers.ofString(export)))
                    .has(200);
            looked.accept(other);
        }
    }

    final void rebuilt(String projection) {
        cairn.post("/v1/projections/" + projection + "/rebuild", "").has(202);
        await().untilAsserted(() -> {
            var state = cairn.get("/v1/projections").has(200).json();
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
