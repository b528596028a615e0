package io.cairn.schema;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Schemas that say which members an object has, and nothing else; one that says it is broken is refused.
public final class RequiredMembers implements JsonSchemas {
    @Override
    public Compiled compile(JsonNode schema) {
        if (schema.has("broken")) {
            return new Compiled.Refused("/broken", "it is broken");
        }
        var required =
                schema.path("required").valueStream().map(JsonNode::asString).collect(Collectors.toSet());
        return new Compiled.Ready((value, most) -> required.stream()
                .sorted()
                .filter(name -> !value.has(name))
                .limit(most)
                .map(name -> new Mismatch("/" + name, "it is missing", "nothing", "required"))
                .toList());
    }

    static JsonNode requiring(String... names) {
        var schema = JsonNodeFactory.instance.objectNode();
        Stream.of(names).forEach(schema.putArray("required")::add);
        return schema;
    }
}
