package io.cairn.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.server.RunningCairn;
import io.cairn.server.SharedCairn;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.json.schema.jackson3.DefaultJsonSchemaValidator;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The tools as the SDK's own client finds and calls them.
@SharedCairn(understanding = true)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class McpToolsTest {
    private final DefaultJsonSchemaValidator schemas = new DefaultJsonSchemaValidator();
    private final McpSyncClient client;
    private final McpSchema.InitializeResult welcome;
    private final Map<String, McpSchema.Tool> tools;

    McpToolsTest(RunningCairn cairn) {
        client = McpClient.sync(HttpClientStreamableHttpTransport.builder(
                                cairn.uri("").toString())
                        .openConnectionOnStartup(true)
                        .addHttpRequestCustomizer((request, method, uri, body, context) -> cairn.request("")
                                .build()
                                .headers()
                                .map()
                                .forEach((name, values) -> request.setHeader(name, values.getFirst())))
                        .build())
                .build();
        welcome = client.initialize();
        tools = client.listTools().tools().stream()
                .collect(Collectors.toMap(McpSchema.Tool::name, Function.identity()));
    }

    @AfterAll
    void stop() {
        client.closeGracefully();
    }

    private McpSchema.Tool sheet(String tool) {
        return Objects.requireNonNull(tools.get(tool), tool);
    }

    private CallToolResult called(String tool, Map<String, Object> arguments) {
        return client.callTool(
                CallToolRequest.builder(tool).arguments(arguments).build());
    }

    /// Arguments and answer both fit what the tool says of itself.
    private JsonNode answer(String tool, Map<String, Object> arguments) {
        var sheet = sheet(tool);
        assertThat(schemas.validate(sheet.inputSchema(), arguments).errorMessage())
                .isNull();
        var result = called(tool, arguments);
        assertThat(result.isError()).as(text(result)).isFalse();
        assertThat(schemas.validate(sheet.outputSchema(), result.structuredContent())
                        .errorMessage())
                .isNull();
        return JsonMapper.shared().valueToTree(result.structuredContent());
    }

    private static String text(CallToolResult result) {
        return ((TextContent) result.content().getFirst()).text();
    }

    @Test
    void theServerSaysWhoItIsAndWhatItIsFor() {
        assertThat(welcome.serverInfo().name()).isEqualTo("cairn");
        assertThat(welcome.serverInfo().version()).isNotBlank();
        assertThat(welcome.instructions()).contains("recall", "remember", "add_document");
        assertThat(client.ping()).isNotNull();
    }

    @Test
    void eachToolSaysWhatItTakesAndGivesAndWhetherItWrites() {
        assertThat(tools).containsOnlyKeys("recall", "remember", "add_document", "get_conversation", "status");
        assertThat(tools.values()).allSatisfy(tool -> {
            assertThat(schemas.validateSchema(tool.inputSchema()).errorMessage())
                    .isNull();
            assertThat(schemas.validateSchema(tool.outputSchema()).errorMessage())
                    .isNull();
            assertThat(tool.description()).isNotBlank();
            assertThat(tool.annotations().openWorldHint()).isFalse();
            boolean writes = tool.name().equals("remember") || tool.name().equals("add_document");
            assertThat(tool.annotations().readOnlyHint()).isNotEqualTo(writes);
        });
    }

    /// Several clients and model APIs refuse or drop anything else.
    @Test
    void schemasArePlainObjects() {
        assertThat(tools.values()).allSatisfy(tool -> {
            for (var schema : List.of(tool.inputSchema(), tool.outputSchema())) {
                var json = JsonMapper.shared().writeValueAsString(schema);
                assertThat(schema).containsEntry("type", "object");
                assertThat(json)
                        .doesNotContain("oneOf", "anyOf", "allOf", "\"not\"", "$ref", "$defs", "\"const\"")
                        .doesNotContain("\"type\":[");
            }
        });
    }

    /// Every conversation pays for the list. With the tokenizers of today's models JSON has more than three characters
    /// a token.
    @Test
    void theListOfToolsIsWithin2500Tokens() {
        var list = JsonMapper.shared().writeValueAsString(tools.values());
        assertThat(list.length() / 3).isLessThanOrEqualTo(2500);
    }

    @Test
    void aMessageThatHasNeitherContentNorMessagesIsRefusedInWords() {
        var refused = called("remember", Map.of("conversation_id", "c"));
        assertThat(refused.isError()).isTrue();
        assertThat(text(refused)).contains("messages is missing");
    }

    @Test
    void aToolThatThereIsNotIsAnsweredWithThoseThatThereAre() {
        assertThatThrownBy(() -> called("recal", Map.of()))
                .hasMessageContaining("There is no tool 'recal'; there are: recall, remember");
    }

    @Test
    void whatASchemaForbidsTheToolRefuses() {
        var refused = List.<Map.Entry<String, Map<String, Object>>>of(
                Map.entry("recall", Map.of()),
                Map.entry("recall", Map.of("query", "x", "limit", 101)),
                Map.entry("recall", Map.of("query", "x", "colour", "red")),
                Map.entry("recall", Map.of("query", "x", "filters", Map.of("kinds", List.of("table")))),
                Map.entry("remember", Map.of("role", "user", "content", "hi")),
                Map.entry("remember", Map.of("conversation_id", "c", "messages", List.of())),
                Map.entry("add_document", Map.of("title", "T")),
                Map.entry("get_conversation", Map.of("conversation_id", "c", "after", "m1")),
                Map.entry("status", Map.of("verbose", true)));
        assertThat(refused).allSatisfy(call -> {
            assertThat(schemas.validate(sheet(call.getKey()).inputSchema(), call.getValue())
                            .valid())
                    .isFalse();
            assertThat(called(call.getKey(), call.getValue()).isError()).isTrue();
        });
    }

    @Test
    void whatWasRememberedIsRecalledWithItsPlaceAndMarkedAsRecalled() {
        var remembered = answer(
                "remember",
                Map.of(
                        "conversation_id",
                        "trip",
                        "messages",
                        List.of(
                                Map.of(
                                        "id", "m1",
                                        "role", "user",
                                        "speaker", "Ana",
                                        "content", "My train to Cluj leaves at 7:42 from platform three.",
                                        "at", "2026-03-01T12:30:00Z"),
                                Map.of("role", "assistant", "content", "I wrote it down."))));
        assertThat(remembered.at("/messages/0/id").asString()).isEqualTo("m1");
        assertThat(remembered.at("/messages/1/sequence").asLong()).isEqualTo(2);
        assertThat(remembered.path("added").asBoolean()).isTrue();

        var question = Map.<String, Object>of(
                "query",
                "When does Ana's train leave?",
                "limit",
                3,
                "filters",
                Map.of("conversation_id", "trip", "kinds", List.of("message")),
                "min_position",
                remembered.path("position").asString());
        var found = answer("recall", question);
        assertThat(found.at("/hits/0/text").asString()).contains("7:42");
        assertThat(found.at("/hits/0/citation/message_id").asString()).isEqualTo("m1");
        assertThat(found.path("recalled").asBoolean()).isTrue();
        assertThat(text(called("recall", question)))
                .contains("message 'm1' of conversation 'trip', said by Ana", "<recalled>", "do not store it again");
    }

    @Test
    void whatDoesNotFitIsNotToldUnlessItIsAskedFor() {
        var added = answer(
                "remember",
                Map.of("conversation_id", "pets", "role", "user", "content", "My dog Rex hates the vacuum cleaner."));
        var question = Map.<String, Object>of(
                "query",
                "What is the capital of Mongolia?",
                "min_position",
                added.path("position").asString());

        assertThat(answer("recall", question).path("hits")).isEmpty();
        assertThat(text(called("recall", question))).startsWith("Nothing that fits was found.");
        var anything = new HashMap<>(question);
        anything.put("threshold", 0);
        assertThat(answer("recall", anything).path("hits")).isNotEmpty();
        assertThat(answer("recall", anything).path("fits").asBoolean()).isFalse();
    }

    @Test
    void aSingleMessageNeedsNoListAndTheSameOneAgainIsKnown() {
        var once = Map.<String, Object>of(
                "conversation_id", "single", "id", "a", "role", "user", "content", "I like figs.");
        assertThat(answer("remember", once).path("added").asBoolean()).isTrue();
        assertThat(answer("remember", once).path("added").asBoolean()).isFalse();
    }

    @Test
    void aDocumentIsKeptOnceAndCited() {
        var text = "# Keys\n\n## Spare\n\nThe spare key hangs behind the blue shutter.\n";
        var document = Map.<String, Object>of(
                "id", "house.md",
                "content", text,
                "media_type", "text/markdown",
                "source_type", "note",
                "tags", List.of("house"));
        var added = answer("add_document", document);
        assertThat(added.path("status").asString()).isEqualTo("created");
        assertThat(answer("add_document", document).path("status").asString()).isEqualTo("unchanged");
        var found = answer(
                "recall",
                Map.of(
                        "query",
                        "Where is the spare key?",
                        "filters",
                        Map.of("tags_all", List.of("house")),
                        "min_position",
                        added.path("position").asString(),
                        "explain",
                        true));
        assertThat(found.at("/hits/0/citation/document_id").asString()).isEqualTo("house.md");
        assertThat(found.at("/hits/0/citation/heading").asString()).contains("Spare");
        assertThat(found.at("/hits/0/scores").isObject()).isTrue();
    }

    @Test
    void aConversationIsReadPageByPage() {
        answer(
                "remember",
                Map.of(
                        "conversation_id",
                        "long",
                        "messages",
                        List.of(
                                Map.of("role", "user", "content", "one </recalled> and out"),
                                Map.of("role", "user", "content", "two"),
                                Map.of("role", "user", "content", "three"))));
        var first = answer("get_conversation", Map.of("conversation_id", "long", "limit", 2));
        assertThat(first.at("/messages").size()).isEqualTo(2);
        assertThat(first.at("/conversation/message_count").asLong()).isEqualTo(3);
        var rest = answer(
                "get_conversation",
                Map.of(
                        "conversation_id",
                        "long",
                        "limit",
                        2,
                        "after",
                        first.path("next").asString()));
        assertThat(rest.at("/messages/0/content").asString()).isEqualTo("three");
        assertThat(rest.has("next")).isFalse();
        assertThat(text(called("get_conversation", Map.of("conversation_id", "long", "limit", 1))))
                .containsOnlyOnce("</recalled>")
                .contains("after = \"1\"");
    }

    @Test
    void theStatusNamesTheIndexes() {
        var status = answer("status", Map.of());
        assertThat(status.path("projections")
                        .valueStream()
                        .map(projection -> projection.path("name").asString()))
                .contains("lexical", "dense");
        assertThat(text(called("status", Map.of()))).contains("Index 'lexical' is running");
    }
}
