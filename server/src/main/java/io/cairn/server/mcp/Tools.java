package io.cairn.server.mcp;

import static java.util.stream.Collectors.joining;

import io.cairn.server.http.Field;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// All tools, in the order in which they are listed.
final class Tools {
    private final SequencedMap<String, Tool> byName = new LinkedHashMap<>();

    Tools(List<Tool> tools) {
        tools.forEach(tool -> byName.put(tool.name(), tool));
    }

    List<Tool> all() {
        return List.copyOf(byName.sequencedValues());
    }

    /// Why a call of a tool there is not cannot be done; nothing for any other message.
    Optional<String> refusal(JSONRPCRequest message, Caller caller) {
        if (!message.method().equals("tools/call")
                || !(message.params() instanceof Map<?, ?> params)
                || !(params.get("name") instanceof String name)
                || byName.containsKey(name)) {
            return Optional.empty();
        }
        var there = all().stream().filter(caller::may).map(Tool::name).collect(joining(", "));
        return Optional.of("There is no tool '%s'; there are: %s".formatted(Field.shown(name), there));
    }

    Tool named(String name) {
        var tool = byName.get(name);
        if (tool == null) {
            throw new IllegalArgumentException("There is no tool '%s'".formatted(name));
        }
        return tool;
    }
}
