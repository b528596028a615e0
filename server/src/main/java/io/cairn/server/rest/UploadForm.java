package io.cairn.server.rest;

import io.cairn.client.wire.NewDocument;
import io.cairn.server.http.Field;
import io.cairn.server.http.Json;
import io.cairn.server.http.JsonProblems;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.multipart.MultipartFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The plain fields of a form with a file, which are those of a document in JSON.
final class UploadForm {
    private static final Set<String> TEXTS = Set.of("id", "title", "media_type", "source_type", "language", "at");

    /// What senders say when they do not know.
    private static final String ANY_BYTES = "application/octet-stream";

    private UploadForm() {}

    static NewDocument of(Map<String, String[]> fields) {
        var json = Json.mapper().createObjectNode().put("content", "");
        fields.forEach((name, values) -> put(json, name, List.of(values)));
        return parsed(Field.of("form"), json);
    }

    private static void put(ObjectNode json, String name, List<String> values) {
        if (name.equals("tags")) {
            values.forEach(json.withArray("tags")::add);
        } else if (values.size() != 1) {
            throw Field.of(name).invalid(values.size() + " values", "one value");
        } else if (name.equals("metadata")) {
            json.set(name, metadata(values.getFirst()));
        } else if (name.equals("reuse_deleted_id")) {
            json.put(name, bool(name, values.getFirst()));
        } else {
            // A field that there is not is refused by its name when the whole is read.
            json.put(TEXTS.contains(name) ? name : "form." + name, values.getFirst());
        }
    }

    private static boolean bool(String name, String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw Field.of(name).invalid("'" + Field.shown(value) + "'", "true or false");
        };
    }

    private static JsonNode metadata(String text) {
        try {
            return Json.mapper().readTree(text);
        } catch (JacksonException | NumberFormatException e) {
            throw Field.of("metadata").invalid("no JSON", "a JSON object");
        }
    }

    private static NewDocument parsed(Field field, ObjectNode json) {
        try {
            return field.required(Json.mapper().treeToValue(json, NewDocument.class));
        } catch (JacksonException e) {
            throw JsonProblems.refusal(e);
        }
    }

    /// What the form says of the file, or else what the part says of itself.
    static @Nullable String mediaType(NewDocument said, MultipartFile file) {
        var type = said.mediaType() == null ? file.getContentType() : said.mediaType();
        return type == null || type.equalsIgnoreCase(ANY_BYTES) ? null : type;
    }
}
