package io.cairn.adapter.jsonschema;

import io.cairn.schema.JsonSchemas.Compiled.Refused;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/// Goes through every subschema of a schema and everything that a reference in it leads to, and finds what is not
/// taken:
/// references to elsewhere, and patterns that cannot be matched in linear time.
final class SchemaWalk {
    private static final List<String> ONE = List.of(
            "items",
            "contains",
            "additionalProperties",
            "propertyNames",
            "not",
            "if",
            "then",
            "else",
            "unevaluatedItems",
            "unevaluatedProperties",
            "contentSchema");
    private static final List<String> LISTS = List.of("allOf", "anyOf", "oneOf", "prefixItems");
    private static final List<String> MAPS =
            List.of("properties", "patternProperties", "$defs", "definitions", "dependentSchemas");
    private static final List<String> NOT_TAKEN =
            List.of("$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$vocabulary");

    private final JsonNode root;
    private final Set<String> seen = new HashSet<>();
    private final Deque<String> waiting = new ArrayDeque<>();
    private final Set<String> anchors = new HashSet<>();
    private final Map<String, String> anchored = new java.util.TreeMap<>();
    private @Nullable Refused refused;

    private SchemaWalk(JsonNode root) {
        this.root = root;
        later("");
    }

    static Optional<Refused> refusal(JsonNode schema) {
        return Optional.ofNullable(new SchemaWalk(schema).walk());
    }

    private @Nullable Refused walk() {
        while (!waiting.isEmpty() && refused == null) {
            var pointer = waiting.remove();
            visit(pointer, root.at(JsonPointer.compile(pointer)));
        }
        anchored.forEach((pointer, name) -> {
            if (!anchors.contains(name)) {
                refuse(pointer, "There is no $anchor '%s' in this schema".formatted(Shown.text(name)));
            }
        });
        return refused;
    }

    private void visit(String at, JsonNode schema) {
        if (schema.isBoolean()) {
            return;
        }
        if (!schema.isObject()) {
            refuse(at, "A schema is an object, true or false; found " + Shown.json(schema));
            return;
        }
        requireThisDraft(at, schema);
        NOT_TAKEN.stream()
                .filter(schema::has)
                .forEach(keyword -> refuse(at + "/" + keyword, keyword + " is not taken; use $ref"));
        schema.path("$anchor").asStringOpt().ifPresent(anchors::add);
        if (schema.has("$ref")) {
            reference(at + "/$ref", schema.path("$ref").asString(""));
        }
        if (schema.path("pattern").isString()) {
            pattern(at + "/pattern", schema.path("pattern").asString());
        }
        schema.path("patternProperties")
                .propertyNames()
                .forEach(name -> pattern(at + "/patternProperties/" + escaped(name), name));
        ONE.stream().filter(schema::has).forEach(keyword -> later(at + "/" + keyword));
        for (var keyword : LISTS) {
            for (int i = 0; i < schema.path(keyword).size(); i++) {
                later(at + "/" + keyword + "/" + i);
            }
        }
        for (var keyword : MAPS) {
            schema.path(keyword).propertyNames().forEach(name -> later(at + "/" + keyword + "/" + escaped(name)));
        }
    }

    private void requireThisDraft(String at, JsonNode schema) {
        var draft = schema.path("$schema");
        if (!draft.isMissingNode() && !draft.asString("").replaceFirst("#$", "").equals(NetworkntSchemas.DRAFT)) {
            refuse(
                    at + "/$schema",
                    "Schemas are of draft 2020-12 (%s); found %s".formatted(NetworkntSchemas.DRAFT, Shown.json(draft)));
        }
        if (!at.isEmpty() && schema.has("$id")) {
            refuse(at + "/$id", "Only the outermost schema has an $id");
        }
    }

    private void reference(String at, String target) {
        if (!target.startsWith("#")) {
            refuse(
                    at,
                    "A $ref leads to a place in this schema, such as #/$defs/lead; nothing is fetched; found "
                            + Shown.text(target));
        } else if (target.length() > 1 && target.charAt(1) != '/') {
            anchored.put(at, target.substring(1));
        } else if (target.contains("%")) {
            refuse(at, "A $ref is written without percent-encoding; found " + Shown.text(target));
        } else if (root.at(JsonPointer.compile(target.substring(1))).isMissingNode()) {
            refuse(at, "There is nothing at " + Shown.text(target));
        } else {
            later(target.substring(1));
        }
    }

    private void pattern(String at, String expression) {
        try {
            LinearPattern.of(expression);
        } catch (IllegalArgumentException e) {
            refuse(at, String.valueOf(e.getMessage()));
        }
    }

    private void later(String pointer) {
        if (seen.add(pointer)) {
            waiting.add(pointer);
        }
    }

    private void refuse(String pointer, String reason) {
        if (refused == null) {
            refused = new Refused(pointer, reason);
        }
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
