package io.cairn.server.mcp;

import io.cairn.server.RunningCairn;
import io.cairn.server.RunningCairn.Answer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Speaks MCP as the bridge of `cairn mcp` does, byte for byte.
final class Wire {
    static final String INITIALIZE = """
            {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18",
             "capabilities":{},"clientInfo":{"name":"test","version":"1"}}}""";

    private final RunningCairn cairn;
    private final String key;
    private final AtomicInteger ids = new AtomicInteger(1);
    private @Nullable String session;

    private Wire(RunningCairn cairn, String key) {
        this.cairn = cairn;
        this.key = key;
    }

    static Wire closed(RunningCairn cairn) {
        return new Wire(cairn, RunningCairn.KEY);
    }

    static Wire open(RunningCairn cairn) {
        return open(cairn, RunningCairn.KEY);
    }

    static Wire open(RunningCairn cairn, String key) {
        var wire = new Wire(cairn, key);
        wire.session = wire.post(INITIALIZE).has(200).header("Mcp-Session-Id");
        wire.post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}")
                .has(202);
        return wire;
    }

    Wire in(@Nullable String otherSession) {
        session = otherSession;
        return this;
    }

    @Nullable
    String session() {
        return session;
    }

    HttpRequest.Builder request() {
        var request = HttpRequest.newBuilder(cairn.uri("/mcp"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream");
        return session == null
                ? request
                : request.header("Mcp-Session-Id", session).header("MCP-Protocol-Version", "2025-06-18");
    }

    Answer post(String body) {
        return cairn.send(request().POST(BodyPublishers.ofString(body)));
    }

    Answer delete() {
        return cairn.send(request().DELETE());
    }

    Answer request(String method, String params) {
        return post("{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\",\"params\":%s}"
                .formatted(ids.getAndIncrement(), method, params));
    }

    Answer call(String tool, String arguments) {
        return request("tools/call", "{\"name\":\"%s\",\"arguments\":%s}".formatted(tool, arguments))
                .has(200);
    }

    /// What a tool says of why it did not do it.
    String refusal(String tool, String arguments) {
        var answer = call(tool, arguments);
        assert answer.json().at("/result/isError").asBoolean()
                : answer.response().body();
        return answer.text("/result/content/0/text");
    }
}
