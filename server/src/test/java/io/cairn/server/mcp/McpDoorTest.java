package io.cairn.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.server.RunningCairn;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The protocol on the wire, and what the tools refuse.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class McpDoorTest {
    private static final String LIST = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}";

    private RunningCairn cairn;

    @BeforeAll
    void start(@TempDir Path data) {
        cairn = RunningCairn.startCheaply(
                data,
                "--cairn.limits.json=64KB",
                "--cairn.security.keys[0].name=reader",
                "--cairn.security.keys[0].sha256=" + RunningCairn.digest("reader-key"),
                "--cairn.security.keys[0].scopes=read",
                "--cairn.security.keys[1].name=other",
                "--cairn.security.keys[1].sha256=" + RunningCairn.digest("other-key"),
                "--cairn.security.keys[1].tenants=other",
                "--cairn.security.keys[1].scopes=write");
    }

    @AfterAll
    void stop() {
        cairn.close();
    }

    @Test
    void withoutAKeyNothingIsAnswered() {
        cairn.send(Wire.closed(cairn)
                        .request()
                        .setHeader("Authorization", "Bearer wrong")
                        .POST(BodyPublishers.ofString(Wire.INITIALIZE)))
                .isProblem(401, "unauthenticated");
    }

    @Test
    void aForeignOriginIsRefused() {
        cairn.send(Wire.closed(cairn)
                        .request()
                        .header("Origin", "https://evil.example")
                        .POST(BodyPublishers.ofString(Wire.INITIALIZE)))
                .isProblem(403, "origin_forbidden");
        cairn.send(Wire.closed(cairn)
                        .request()
                        .header("Origin", "http://localhost:3000")
                        .POST(BodyPublishers.ofString(Wire.INITIALIZE)))
                .has(200);
    }

    @Test
    void anAcceptWithoutJsonIsRefused() {
        cairn.send(Wire.closed(cairn)
                        .request()
                        .setHeader("Accept", "text/html")
                        .POST(BodyPublishers.ofString(Wire.INITIALIZE)))
                .isProblem(406, "not_acceptable");
    }

    @Test
    void anotherContentTypeIsRefused() {
        cairn.send(Wire.closed(cairn)
                        .request()
                        .setHeader("Content-Type", "text/plain")
                        .POST(BodyPublishers.ofString(Wire.INITIALIZE)))
                .isProblem(415, "media_type_unsupported");
    }

    @Test
    void aBodyThatIsNoJsonRpcIsRefused() {
        var wire = Wire.open(cairn);
        for (var body : new String[] {"{", "nul", "{\"a\":1,\"a\":2}", "{} {}", "[".repeat(5000)}) {
            wire.post(body).isProblem(400, "malformed_json");
        }
        for (var body : new String[] {
            "[]",
            "null",
            "\"x\"",
            "{}",
            "[" + LIST + "]",
            "{\"id\":1,\"method\":\"ping\"}",
            "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":5}",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[1]}",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":7}}",
            "{\"jsonrpc\":\"2.0\",\"id\":1}"
        }) {
            wire.post(body).isProblem(400, "malformed_request");
        }
        wire.post("").isProblem(400, "body_missing");
    }

    @Test
    void aHugeBodyIsRefusedHoweverItIsSent() {
        var huge = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\"}".formatted("x".repeat(70_000));
        var wire = Wire.open(cairn);
        wire.post(huge).isProblem(413, "too_large");
        cairn.send(wire.request()
                        .POST(BodyPublishers.ofInputStream(
                                () -> new java.io.ByteArrayInputStream(huge.getBytes(StandardCharsets.UTF_8)))))
                .isProblem(413, "too_large");
    }

    @Test
    void aSessionMustBeNamedAndKnown() {
        assertThat(Wire.closed(cairn)
                        .post(LIST)
                        .isProblem(400, "malformed_request")
                        .text("/detail"))
                .contains("Mcp-Session-Id", "initialize");
        Wire.closed(cairn).in(UUID.randomUUID().toString()).post(LIST).isProblem(404, "not_found");
        Wire.closed(cairn).in("").delete().isProblem(400, "malformed_request");
    }

    @Test
    void aSessionServesNobodyButItsOwner() {
        var session = Wire.open(cairn).session();
        var thief = Wire.open(cairn, "reader-key").in(session);
        thief.post(LIST).isProblem(404, "not_found");
        thief.delete().isProblem(404, "not_found");
        Wire.closed(cairn).in(session).post(LIST).has(200);
    }

    @Test
    void anEndedSessionIsUnknown() {
        var wire = Wire.open(cairn);
        wire.delete().has(204);
        wire.post(LIST).isProblem(404, "not_found");
        wire.delete().isProblem(404, "not_found");
    }

    @Test
    void anUnknownVersionOfTheProtocolIsRefused() {
        var wire = Wire.open(cairn);
        assertThat(cairn.send(wire.request()
                                .setHeader("MCP-Protocol-Version", "1999-01-01")
                                .POST(BodyPublishers.ofString(LIST)))
                        .isProblem(400, "malformed_request")
                        .text("/detail"))
                .contains("2025-06-18");
    }

    @Test
    void thereIsNoStreamToListenTo() {
        assertThat(cairn.send(Wire.open(cairn)
                                .request()
                                .setHeader("Accept", "text/event-stream")
                                .GET())
                        .isProblem(405, "method_not_allowed")
                        .header("Allow"))
                .contains("POST", "DELETE");
    }

    @Test
    void paramsThatDoNotFitAreAnErrorOfTheProtocol() {
        var wire = Wire.open(cairn);
        assertThat(wire.request("initialize", "{\"protocolVersion\":{}}")
                        .has(200)
                        .json()
                        .at("/error/code")
                        .asInt())
                .isEqualTo(-32602);
        assertThat(wire.request("tools/call", "{\"name\":\"recall\",\"arguments\":\"x\"}")
                        .has(200)
                        .json()
                        .at("/error/code")
                        .asInt())
                .isEqualTo(-32602);
        assertThat(wire.request("tools/call", "{\"name\":\"forget\"}")
                        .has(200)
                        .json()
                        .at("/error/code")
                        .asInt())
                .isEqualTo(-32602);
        assertThat(wire.request("no/such", "{}")
                        .has(200)
                        .json()
                        .at("/error/code")
                        .asInt())
                .isEqualTo(-32601);
    }

    @Test
    void notificationsAndAnswersAreAcceptedWhateverTheySay() {
        var wire = Wire.open(cairn);
        for (var body : new String[] {
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":9}}",
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/roots/list_changed\"}",
            "{\"jsonrpc\":\"2.0\",\"method\":\"no/such\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":4,\"result\":{}}"
        }) {
            assertThat(wire.post(body).has(202).response().body()).isEmpty();
        }
    }

    @Test
    void aToolNamesTheFieldThatItCannotUse() {
        var wire = Wire.open(cairn);
        assertThat(wire.refusal("recall", "{}")).contains("query is missing");
        assertThat(wire.refusal("recall", "{\"query\":\"x\",\"limit\":0}")).contains("limit", "1 to 100");
        assertThat(wire.refusal("recall", "{\"query\":\"x\",\"limit\":\"ten\"}"))
                .contains("limit", "a whole number");
        assertThat(wire.refusal("recall", "{\"query\":\"x\",\"threshold\":7}")).contains("threshold", "0 to 1");
        assertThat(wire.refusal("recall", "{\"query\":\"x\",\"colour\":1}"))
                .contains("colour is not a field here", "query");
        assertThat(wire.refusal("recall", "{\"query\":\"x\",\"filters\":{\"kinds\":[\"table\"]}}"))
                .contains("filters.kinds[0]", "'document'");
        assertThat(wire.refusal("recall", "{\"query\":\"x\",\"min_position\":\"?\"}"))
                .contains("(invalid)");
        assertThat(wire.refusal("remember", "{\"conversation_id\":\"c\"}")).contains("messages is missing");
        assertThat(wire.refusal("remember", "{\"role\":\"user\",\"content\":\"x\"}"))
                .contains("conversation_id is missing");
        assertThat(wire.refusal("remember", "{\"conversation_id\":\"c\",\"role\":\"user\"}"))
                .contains("content is missing");
        assertThat(wire.refusal("remember", "{\"conversation_id\":\"c\",\"role\":\"user\",\"content\":\"\\u0000\"}"))
                .contains("content", "U+0000");
        assertThat(
                        wire.refusal(
                                "remember",
                                "{\"conversation_id\":\"c\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"content\":\"y\"}"))
                .contains("one or the other");
        assertThat(wire.refusal("add_document", "{\"title\":\"T\"}")).contains("content is missing");
        assertThat(wire.refusal("get_conversation", "{\"conversation_id\":\"never\"}"))
                .contains("(not_found)", "'never'");
        assertThat(wire.refusal("get_conversation", "{\"conversation_id\":\"c\",\"limit\":501}"))
                .contains("1 to 500");
        assertThat(wire.refusal("status", "{\"verbose\":true}")).contains("verbose is not a field here");
    }

    @Test
    void tooManyMessagesAreRefusedWithTheLimitsName() {
        var messages = IntStream.range(0, 1001)
                .mapToObj(i -> "{\"role\":\"u\",\"content\":\"x\"}")
                .collect(Collectors.joining(","));
        assertThat(Wire.open(cairn)
                        .refusal("remember", "{\"conversation_id\":\"many\",\"messages\":[" + messages + "]}"))
                .contains("(batch_too_large)", "1 to 1000 items (max-batch-size)");
    }

    @Test
    void anIdThatStandsForOtherContentIsRefusedInWords() {
        var wire = Wire.open(cairn);
        wire.call("remember", "{\"conversation_id\":\"reuse\",\"id\":\"m1\",\"role\":\"user\",\"content\":\"one\"}");
        assertThat(wire.refusal(
                        "remember",
                        "{\"conversation_id\":\"reuse\",\"id\":\"m1\",\"role\":\"user\",\"content\":\"two\"}"))
                .contains("(id_reused)", "m1", "Use a new id");
    }

    @Test
    void aKeyThatMayOnlyReadNeitherSeesNorUsesTheOtherTools() {
        var wire = Wire.open(cairn, "reader-key");
        assertThat(wire.post(LIST)
                        .json()
                        .at("/result/tools")
                        .valueStream()
                        .map(tool -> tool.path("name").asString()))
                .containsExactly("recall", "get_conversation", "status");
        assertThat(wire.refusal("remember", "{\"conversation_id\":\"c\",\"role\":\"user\",\"content\":\"x\"}"))
                .contains("(scope_missing)", "'write'");
        assertThat(wire.refusal("add_document", "{\"content\":\"x\"}")).contains("(scope_missing)");
        wire.delete().has(204);
    }

    @Test
    void aTenantFindsNothingOfAnother() {
        var mine = Wire.open(cairn);
        var position = mine.call(
                        "remember",
                        "{\"conversation_id\":\"secret\",\"role\":\"user\",\"content\":\"The vault opens with"
                                + " marmalade\"}")
                .text("/result/structuredContent/position");
        assertThat(mine.call("recall", "{\"query\":\"vault marmalade\",\"min_position\":\"%s\"}".formatted(position))
                        .json()
                        .at("/result/structuredContent/hits")
                        .size())
                .isPositive();
        var other = Wire.open(cairn, "other-key");
        assertThat(other.call("recall", "{\"query\":\"vault marmalade\"}")
                        .json()
                        .at("/result/structuredContent/hits")
                        .size())
                .isZero();
        assertThat(other.refusal("get_conversation", "{\"conversation_id\":\"secret\"}"))
                .contains("(not_found)");
    }

    @Test
    void numbersInMetadataKeepTheirDigits() {
        var wire = Wire.open(cairn);
        wire.call(
                "remember",
                "{\"conversation_id\":\"digits\",\"role\":\"user\",\"content\":\"x\",\"metadata\":{\"n\":1.50}}");
        assertThat(cairn.get("/v1/conversations/digits/messages")
                        .json()
                        .at("/items/0/metadata")
                        .toString())
                .isEqualTo("{\"n\":1.50}");
        assertThat(wire.call("get_conversation", "{\"conversation_id\":\"digits\"}")
                        .response()
                        .body())
                .contains("\"n\":1.50");
    }
}
