package io.cairn.server.openai;

import io.cairn.memory.Line;
import io.cairn.memory.Transcripts;
import io.cairn.server.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the sides of a chat say to each other, out of OpenAI's form: the words only.
final class ChatLines {
    private ChatLines() {}

    static List<Line> told(ObjectNode request) {
        var lines = new ArrayList<Line>();
        for (var message : request.path("messages")) {
            var role = message.path("role").asString("");
            var text = text(message.path("content"));
            if (Transcripts.SIDES.contains(role) && !text.isBlank()) {
                lines.add(new Line(role, speaker(message.path("name").asString("")), text));
            }
        }
        return lines;
    }

    private static @Nullable String speaker(String name) {
        return name.isBlank() ? null : name;
    }

    /// The message that asks: the last one of the user's.
    static Optional<ObjectNode> question(ObjectNode request) {
        Optional<ObjectNode> last = Optional.empty();
        for (var message : request.path("messages")) {
            if (message instanceof ObjectNode object
                    && message.path("role").asString("").equals("user")) {
                last = Optional.of(object);
            }
        }
        return last;
    }

    static String text(JsonNode content) {
        if (!content.isArray()) {
            return content.asString("");
        }
        var text = new ArrayList<String>();
        content.forEach(part -> text.add(part.path("text").asString("")));
        return String.join("\n", text).strip();
    }

    /// What a whole answer says; nothing if it only calls tools.
    static String answer(String body) {
        return words(body, "message");
    }

    /// What a piece of an answer adds.
    static String piece(String data) {
        return words(data, "delta");
    }

    /// Of several answers the first one goes on in the conversation.
    private static String words(String json, String where) {
        try {
            for (var choice : Json.mapper().readTree(json).path("choices")) {
                if (choice.path("index").asInt(0) == 0) {
                    return choice.path(where).path("content").asString("");
                }
            }
            return "";
        } catch (JacksonException e) {
            throw new IllegalStateException("A provider's answer was taken for JSON and is none", e);
        }
    }
}
