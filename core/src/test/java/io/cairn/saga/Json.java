package io.cairn.saga;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Objects with one text.
final class Json {
    private Json() {}

    static ObjectNode of(String name, String value) {
        return JsonNodeFactory.instance.objectNode().put(name, value);
    }
}
