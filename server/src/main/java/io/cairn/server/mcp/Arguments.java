package io.cairn.server.mcp;

import io.cairn.server.http.Json;
import io.cairn.server.http.JsonProblems;
import java.util.Map;
import tools.jackson.core.JacksonException;

/// What a model hands to a tool, read as strictly as any request's body.
final class Arguments {
    private Arguments() {}

    /// Refuses unknown names and values of another type, naming the field.
    static <T> T read(Map<String, Object> arguments, Class<T> type) {
        try {
            return Json.mapper().convertValue(arguments, type);
        } catch (JacksonException e) {
            throw JsonProblems.refusal(e);
        }
    }
}
