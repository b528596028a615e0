package io.cairn.server.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.server.RunningCairn;
import io.cairn.server.SharedCairn;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `cairn mcp`, the process that an assistant starts, against the real server.
@SharedCairn(understanding = true)
@Timeout(120)
class McpBridgeTest {
    private final RunningCairn cairn;
    private final int sessions;
    private Process bridge;
    private PrintWriter to;
    private BufferedReader from;

    McpBridgeTest(RunningCairn cairn) {
        this.cairn = cairn;
        this.sessions = cairn.bean(McpSessions.class).count();
    }

    @BeforeEach
    void start() throws IOException {
        var process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.cairn.cli.CairnCli",
                "mcp",
                "--url",
                cairn.uri("").toString());
        process.environment().put("CAIRN_API_KEY", RunningCairn.KEY);
        bridge = process.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        to = new PrintWriter(bridge.getOutputStream(), true, UTF_8);
        from = bridge.inputReader(UTF_8);
    }

    @AfterEach
    void stop() {
        bridge.destroyForcibly();
    }

    private JsonNode asked(String json) throws IOException {
        to.println(json);
        var answer = JsonMapper.shared().readTree(from.readLine());
        assertThat(answer.has("error")).as(answer.toString()).isFalse();
        return answer.path("result");
    }

    private JsonNode called(int id, String tool, String arguments) throws IOException {
        var result = asked(
                "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"tools/call\",\"params\":{\"name\":\"%s\",\"arguments\":%s}}"
                        .formatted(id, tool, arguments));
        assertThat(result.path("isError").asBoolean(false))
                .as(result.toString())
                .isFalse();
        return result;
    }

    @Test
    void anAssistantRemembersAndRecallsThroughTheBridge() throws Exception {
        var welcome = asked(
                "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{},\"clientInfo\":{\"name\":\"assistant\",\"version\":\"1\"}}}");
        assertThat(welcome.at("/serverInfo/name").asString()).isEqualTo("cairn");
        to.println("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
        assertThat(asked("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}")
                        .path("tools")
                        .valueStream()
                        .map(tool -> tool.path("name").asString())
                        .toList())
                .containsExactlyInAnyOrderElementsOf(
                        List.of("recall", "remember", "add_document", "get_conversation", "status"));

        var kept = called(
                2,
                "remember",
                "{\"conversation_id\":\"garden\",\"messages\":[{\"role\":\"user\",\"speaker\":\"Io\",\"content\":\"The"
                        + " quinces ripen in October.\"}]}");
        var position = kept.at("/structuredContent/position").asString();
        assertThat(position).isNotEmpty();
        var found = called(
                3, "recall", "{\"query\":\"When do quinces ripen?\",\"min_position\":\"%s\"}".formatted(position));
        assertThat(found.at("/structuredContent/hits/0/text").asString()).isEqualTo("The quinces ripen in October.");
        assertThat(found.at("/content/0/text").asString()).contains("garden", "Io");

        to.close();
        assertThat(bridge.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(bridge.exitValue()).isZero();
        assertThat(from.readLine()).as("nothing but protocol is written").isNull();
        assertThat(cairn.bean(McpSessions.class).count())
                .as("the session is ended")
                .isEqualTo(sessions);
    }
}
