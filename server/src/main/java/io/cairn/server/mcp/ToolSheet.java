package io.cairn.server.mcp;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.io.UncheckedIOException;

/// What a model is told of a tool, as it stands in a resource beside this class.
final class ToolSheet {
    private ToolSheet() {}

    static McpSchema.Tool of(Tool tool, McpJsonMapper mapper) {
        var name = tool.name() + ".json";
        try (var sheet = ToolSheet.class.getResourceAsStream(name)) {
            if (sheet == null) {
                throw new IllegalStateException("The tool '%s' has no resource %s".formatted(tool.name(), name));
            }
            return mapper.readValue(sheet.readAllBytes(), McpSchema.Tool.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
