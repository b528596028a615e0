package io.cairn.schema;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One declared change of a payload: a member of an object is set, given a default, renamed or removed.
///
/// Places are JSON pointers, which may lead through items of arrays by their index. What a patch changes is always
/// a member of an object.
public sealed interface Patch {
    /// Changes a payload in place.
    ///
    /// @throws PatchException if something is in the way
    void apply(JsonNode payload);

    /// The patch as it is declared.
    ObjectNode json();

    /// Puts a value in a place, whatever was there.
    record Set(JsonPointer path, JsonNode value) implements Patch {
        @Override
        public void apply(JsonNode payload) {
            parent(this, payload, path).set(name(path), value.deepCopy());
        }

        @Override
        public ObjectNode json() {
            return declared("set", path).set("value", value);
        }

        @Override
        public String toString() {
            return "set " + path;
        }
    }

    /// Puts a value in a place where nothing is.
    record Default(JsonPointer path, JsonNode value) implements Patch {
        @Override
        public void apply(JsonNode payload) {
            var parent = parent(this, payload, path);
            if (!parent.has(name(path))) {
                parent.set(name(path), value.deepCopy());
            }
        }

        @Override
        public ObjectNode json() {
            return declared("default", path).set("value", value);
        }

        @Override
        public String toString() {
            return "default " + path;
        }
    }

    /// Moves what stands in one place to another, where nothing may be; what is not there need not be moved.
    record Rename(JsonPointer from, JsonPointer path) implements Patch {
        @Override
        public void apply(JsonNode payload) {
            if (payload.at(from).isMissingNode()) {
                return;
            }
            var value = parent(this, payload, from).remove(name(from));
            var parent = parent(this, payload, path);
            if (parent.has(name(path))) {
                throw new PatchException("%s: something is at %s already".formatted(this, path));
            }
            parent.set(name(path), value);
        }

        @Override
        public ObjectNode json() {
            return declared("rename", path).put("from", from.toString());
        }

        @Override
        public String toString() {
            return "rename " + from + " to " + path;
        }
    }

    /// Removes what stands in a place, if anything does.
    record Remove(JsonPointer path) implements Patch {
        @Override
        public void apply(JsonNode payload) {
            if (!payload.at(path).isMissingNode()) {
                parent(this, payload, path).remove(name(path));
            }
        }

        @Override
        public ObjectNode json() {
            return declared("remove", path);
        }

        @Override
        public String toString() {
            return "remove " + path;
        }
    }

    /// The patch that a user declares.
    ///
    /// @throws IllegalArgumentException if it is none
    static Patch of(@Nullable String op, @Nullable String path, @Nullable String from, @Nullable JsonNode value) {
        return switch (String.valueOf(op)) {
            case "set" -> new Set(pointer("path", path), value(op, from, value));
            case "default" -> new Default(pointer("path", path), value(op, from, value));
            case "rename" -> rename(pointer("from", from), pointer("path", path), value);
            case "remove" -> remove(pointer("path", path), from, value);
            default ->
                throw new IllegalArgumentException(
                        "op is set, default, rename or remove; found %s".formatted(op == null ? "nothing" : op));
        };
    }

    private static JsonNode value(@Nullable String op, @Nullable String from, @Nullable JsonNode value) {
        if (value == null || from != null) {
            throw new IllegalArgumentException("%s needs a value, and nothing else but a path".formatted(op));
        }
        return value;
    }

    private static Rename rename(JsonPointer from, JsonPointer path, @Nullable JsonNode value) {
        if (value != null || (path + "/").startsWith(from + "/")) {
            throw new IllegalArgumentException("rename needs a path that is not at or below 'from', and no value");
        }
        return new Rename(from, path);
    }

    private static Remove remove(JsonPointer path, @Nullable String from, @Nullable JsonNode value) {
        if (value != null || from != null) {
            throw new IllegalArgumentException("remove needs nothing but a path");
        }
        return new Remove(path);
    }

    private static JsonPointer pointer(String field, @Nullable String text) {
        if (text == null || !text.startsWith("/")) {
            throw new IllegalArgumentException("%s is a JSON pointer such as /lead/score; found %s"
                    .formatted(field, text == null ? "nothing" : "'" + text + "'"));
        }
        return JsonPointer.compile(text);
    }

    private static ObjectNode declared(String op, JsonPointer path) {
        return JsonNodeFactory.instance.objectNode().put("op", op).put("path", path.toString());
    }

    private static ObjectNode parent(Patch patch, JsonNode payload, JsonPointer path) {
        var parent = path.head();
        if (parent != null && payload.at(parent) instanceof ObjectNode object) {
            return object;
        }
        throw new PatchException("%s: there is no object at %s"
                .formatted(patch, parent == null || parent.toString().isEmpty() ? "the root" : parent));
    }

    private static String name(JsonPointer path) {
        var last = path.last();
        return last == null ? "" : String.valueOf(last.getMatchingProperty());
    }
}
