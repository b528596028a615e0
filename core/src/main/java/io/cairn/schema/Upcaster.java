package io.cairn.schema;

import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/// Turns payloads of one schema version of a type into those of the next.
///
/// @param function pure: it uses nothing but the payload, and changes nothing
public record Upcaster(int from, int to, UnaryOperator<JsonNode> function) {
    /// An upcaster from one version to the next.
    public static Upcaster from(int from, UnaryOperator<JsonNode> function) {
        return new Upcaster(from, from + 1, function);
    }
}
