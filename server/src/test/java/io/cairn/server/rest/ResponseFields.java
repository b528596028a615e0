package io.cairn.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.client.wire.Wire;
import io.cairn.server.RunningCairn.Answer;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Which fields of answers the description names, and which of them answers have filled.
///
/// A field is called by its schema and its name, such as `Task.progress`; a field of an answer that has no schema of
/// its own by its route, such as `get /v1/tasks.next`.
final class ResponseFields {
    private static final Set<String> METHODS = Set.of("get", "post", "put", "delete");

    private final JsonNode description;
    private final Set<String> filled = new TreeSet<>();

    ResponseFields(JsonNode description) {
        this.description = description;
    }

    /// Notes what the answer has filled.
    Answer heard(Answer answer) {
        var request = answer.response().request();
        var path = template(request.uri().getRawPath());
        var method = request.method().toLowerCase(Locale.ROOT);
        var type = Objects.requireNonNullElse(answer.header("Content-Type"), "").replaceFirst(";.*", "");
        var operation = description.path("paths").path(path).path(method);
        var schema = contents(operation, Integer.toString(answer.status()))
                .path(type)
                .path("schema");
        assertThat(schema.isMissingNode())
                .as("%s %s answers %d in %s, which is not described", method, path, answer.status(), type)
                .isFalse();
        if (type.equals("application/x-ndjson")) {
            answer.response()
                    .body()
                    .lines()
                    .forEach(line ->
                            fill(schema, method + " " + path, Wire.responses().readTree(line)));
        } else {
            fill(schema, method + " " + path, answer.json());
        }
        return answer;
    }

    /// What is described and was never filled.
    Set<String> neverFilled() {
        var named = new TreeSet<String>();
        var seen = new HashSet<String>();
        for (var path : description.path("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                if (METHODS.contains(operation.getKey())) {
                    var where = operation.getKey() + " " + path.getKey();
                    bodies(operation.getValue()).forEach(schema -> name(schema, where, named, seen));
                }
            }
        }
        named.removeAll(filled);
        return named;
    }

    /// The schemas of an operation's answers that are JSON.
    private Stream<JsonNode> bodies(JsonNode operation) {
        return operation.path("responses").propertyNames().stream()
                .flatMap(status -> contents(operation, status).properties().stream())
                .filter(content -> content.getKey().contains("json"))
                .map(content -> content.getValue().path("schema"));
    }

    private JsonNode contents(JsonNode operation, String status) {
        var responses = operation.path("responses");
        return resolved(responses.path(responses.has(status) ? status : "default"))
                .path("content");
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? description.at(node.path("$ref").asString().substring(1)) : node;
    }

    private static String called(JsonNode schema, String where) {
        var reference = schema.path("$ref").asString("");
        return reference.isEmpty() ? where : reference.substring(reference.lastIndexOf('/') + 1);
    }

    private void fill(JsonNode schema, String where, JsonNode value) {
        var name = called(schema, where);
        var known = resolved(schema);
        if (value.isArray()) {
            value.forEach(item -> fill(known.path("items"), name, item));
        }
        for (var property : known.path("properties").properties()) {
            var found = value.path(property.getKey());
            if (!found.isMissingNode() && !found.isNull()) {
                var field = name + "." + property.getKey();
                filled.add(field);
                fill(property.getValue(), field, found);
            }
        }
    }

    private void name(JsonNode schema, String where, Set<String> named, Set<String> seen) {
        var name = called(schema, where);
        var known = resolved(schema);
        if (schema.has("$ref") && !seen.add(name)) {
            return;
        }
        if (known.has("items")) {
            name(known.path("items"), name, named, seen);
        }
        for (var property : known.path("properties").properties()) {
            var field = name + "." + property.getKey();
            named.add(field);
            name(property.getValue(), field, named, seen);
        }
    }

    /// The described path that a request's path is one of; words stand before what is only a place.
    private String template(String path) {
        return description.path("paths").propertyNames().stream()
                .filter(described -> fits(described, path))
                .min(Comparator.comparingLong(
                        described -> described.chars().filter(c -> c == '{').count()))
                .orElseThrow(() -> new AssertionError(path + " is not described"));
    }

    private static boolean fits(String described, String path) {
        var wanted = described.split("/", -1);
        var found = path.split("/", -1);
        return wanted.length == found.length
                && IntStream.range(0, wanted.length)
                        .allMatch(i -> wanted[i].startsWith("{") || wanted[i].equals(found[i]));
    }
}
