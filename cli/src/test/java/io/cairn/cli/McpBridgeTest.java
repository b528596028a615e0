package io.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.client.ScriptedServer;
import io.cairn.client.ScriptedServer.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class McpBridgeTest {
    private static final String INITIALIZE = "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{}}";
    private static final String INITIALIZED = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";
    private static final String LIST = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}";
    private static final String WELCOME =
            "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"protocolVersion\":\"2025-06-18\"}}";
    private static final String TOOLS = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"tools\":[]}}";

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

    private static Reply welcome(String session) {
        return new Reply.Full(200, "application/json", WELCOME, Map.of("Mcp-Session-Id", session));
    }

    private static Reply accepted() {
        return new Reply.Full(202, "text/plain", "", Map.of());
    }

    @Test
    void withoutAServerEveryRequestIsAnsweredWithAnErrorAndTheBridgeGoesOn() {
        server.close();

        var outcome = cairn.typing(INITIALIZE + "\n" + INITIALIZED + "\n" + LIST + "\n")
                .call("mcp");

        assertThat(outcome.exit()).isZero();
        assertThat(outcome.lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .contains("\"error\":{", "-32000", "No Cairn answers at", "./cairn serve")
                        .startsWith("{\"jsonrpc\":\"2.0\",\"id\":"));
    }

    @Test
    void sessionProtocolAndKeyTravelWithEachRequest() {
        server.then(welcome("s1")).then(accepted()).then(200, TOOLS).then(200, "");

        var outcome = cairn.typing(INITIALIZE + "\n" + INITIALIZED + "\n" + LIST + "\n")
                .call("mcp");

        assertThat(outcome.lines()).containsExactly(WELCOME, TOOLS);
        assertThat(server.requests().get(0).header("Mcp-session-id")).isEmpty();
        assertThat(server.requests().get(2)).satisfies(request -> {
            assertThat(request.line()).isEqualTo("POST /mcp");
            assertThat(request.header("Mcp-session-id")).isEqualTo("s1");
            assertThat(request.header("Mcp-protocol-version")).isEqualTo("2025-06-18");
            assertThat(request.header("Authorization")).isEqualTo("Bearer secret-key");
            assertThat(request.header("Accept")).isEqualTo("application/json, text/event-stream");
        });
        assertThat(server.requests().getLast().line()).isEqualTo("DELETE /mcp");
        assertThat(outcome.err()).doesNotContain("secret-key");
    }

    @Test
    void eventsOfAStreamBecomeLines() {
        String events = """
                : welcome

                id: 1
                data:

                event: message
                data: {"jsonrpc":"2.0","method":"notifications/progress"}

                data: {"jsonrpc":"2.0",
                data:  "id":1,"result":{"tools":[]}}

                """;
        server.then(new Reply.Full(200, "text/event-stream;charset=UTF-8", events, Map.of()));

        assertThat(cairn.typing(LIST + "\n").call("mcp").lines())
                .containsExactly("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"}", TOOLS);
    }

    @Test
    void aStreamThatEndsWithoutTheResultIsAnError() {
        server.then(
                new Reply.Full(200, "text/event-stream", "data: {\"jsonrpc\":\"2.0\",\"method\":\"x\"}\n\n", Map.of()));

        assertThat(cairn.typing(LIST + "\n").call("mcp").lines())
                .hasSize(2)
                .last()
                .asString()
                .contains("\"id\":1", "ended its answer before the result");
    }

    @Test
    void aStreamThatBreaksIsAnError() {
        server.then(new Reply.Cut("{\"jsonrpc\":"));

        assertThat(cairn.typing(LIST + "\n").call("mcp").lines())
                .singleElement()
                .asString()
                .contains("\"id\":1", "\"error\"");
    }

    @Test
    void aSessionThatTheServerForgotIsOpenedAnewUnseen() {
        server.then(welcome("s1"))
                .then(new Reply.Full(404, "text/plain", "", Map.of()))
                .then(welcome("s2"))
                .then(accepted())
                .then(200, TOOLS)
                .then(200, "");

        var outcome = cairn.typing(INITIALIZE + "\n" + LIST + "\n").call("mcp");

        assertThat(outcome.lines()).containsExactly(WELCOME, TOOLS);
        assertThat(server.requests().get(4).header("Mcp-session-id")).isEqualTo("s2");
    }

    @Test
    void aLineThatIsNoJsonIsAnsweredAsTheProtocolSays() {
        assertThat(cairn.typing("hello\n\n").call("mcp").lines())
                .singleElement()
                .asString()
                .contains("\"id\":null", "-32700");
    }

    @Test
    void aRefusalSaysWhatToDo() {
        server.then(401, "{\"title\":\"Not allowed\"}");

        assertThat(cairn.typing(LIST + "\n").call("mcp").out()).contains("status 401", "CAIRN_API_KEY");
    }
}
