package io.cairn.schema;

import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/// Turns payloads of one schema version of a type into those of the next.
///
/// @param function pure: it changes nothing but what it returns, and asks for nothing but the payload
public record Upcaster(int from, int to, UnaryOperator<JsonNode> function) {
    /// To the version behind `from`.
    public static Upcaster from(int from, UnaryOperator<JsonNode> function) {
        return new Upcaster(from, from + 1, function);
    }
}
