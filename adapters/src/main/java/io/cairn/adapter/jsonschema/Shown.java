package io.cairn.adapter.jsonschema;

import tools.jackson.databind.JsonNode;

/// Values as they stand in messages: short, whatever they are.
final class Shown {
    private static final int LENGTH_MAX = 100;

    private Shown() {}

    static String text(String text) {
        int length = text.codePointCount(0, text.length());
        return length <= LENGTH_MAX ? text : text.substring(0, text.offsetByCodePoints(0, LENGTH_MAX)) + "…";
    }

    /// Large values are told by their size, so that showing them costs little.
    static String json(JsonNode value) {
        if (value.isContainer() && value.size() > 10) {
            return value.isArray()
                    ? "an array of %d items".formatted(value.size())
                    : "an object of %d members".formatted(value.size());
        }
        return value.isContainer() && value.valueStream().anyMatch(JsonNode::isContainer)
                ? (value.isArray() ? "an array" : "an object")
                : text(value.toString());
    }
}
