package io.cairn.server.mcp;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpStreamableServerTransport;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/// Takes the one message that a request is answered with: no tool here streams.
final class OneAnswer implements McpStreamableServerTransport {
    private final McpJsonMapper mapper;
    private volatile @Nullable JSONRPCResponse response;

    OneAnswer(McpJsonMapper mapper) {
        this.mapper = mapper;
    }

    JSONRPCResponse response() {
        var answer = response;
        if (answer == null) {
            throw new IllegalStateException("The request was handled, yet not answered");
        }
        return answer;
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
        return message instanceof JSONRPCResponse answer
                ? Mono.fromRunnable(() -> response = answer)
                : Mono.error(new IllegalStateException("Nothing but the answer is sent to the client"));
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message, String messageId) {
        return sendMessage(message);
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
        return mapper.convertValue(data, type);
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.empty();
    }
}
