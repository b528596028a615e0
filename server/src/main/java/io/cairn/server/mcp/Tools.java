package io.cairn.server.mcp;

import java.util.LinkedHashMap;
import java.util.List;
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

    Tool named(String name) {
        var tool = byName.get(name);
        if (tool == null) {
            throw new IllegalArgumentException("There is no tool '%s'".formatted(name));
        }
        return tool;
    }
}
