package io.cairn.adapter.provider;

import io.cairn.model.ChatPiece;
import io.cairn.model.Usage;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Answers of other dialects in OpenAI's form.
///
/// @param id of the answer
/// @param created in seconds since 1970
record OpenAiForm(String id, String model, long created) {
    private static final Set<String> ONLY_HERE = Set.of("input_audio", "file");

    static OpenAiForm of(String id, String model, InstantSource clock) {
        return new OpenAiForm(id, model, clock.instant().getEpochSecond());
    }

    String whole(ObjectNode message, String finish, Usage usage) {
        var answer = start("chat.completion");
        var choice = answer.putArray("choices").addObject().put("index", 0);
        choice.set("message", message);
        choice.put("finish_reason", finish);
        answer.set("usage", usage(usage));
        return Json.MAPPER.writeValueAsString(answer);
    }

    /// A piece of the answer's only choice.
    ChatPiece piece(ObjectNode delta, boolean content) {
        return piece(delta, content, null);
    }

    ChatPiece end(String finish) {
        return piece(Json.MAPPER.createObjectNode(), true, finish);
    }

    private ChatPiece piece(ObjectNode delta, boolean content, @Nullable String finish) {
        var piece = start("chat.completion.chunk");
        var choice = piece.putArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        choice.put("finish_reason", finish);
        return new ChatPiece(Json.MAPPER.writeValueAsString(piece), content, Optional.empty(), false);
    }

    ChatPiece told(Usage usage) {
        var piece = start("chat.completion.chunk");
        piece.putArray("choices");
        piece.set("usage", usage(usage));
        return new ChatPiece(Json.MAPPER.writeValueAsString(piece), false, Optional.of(usage), true);
    }

    private ObjectNode start(String object) {
        return Json.MAPPER
                .createObjectNode()
                .put("id", id)
                .put("object", object)
                .put("created", created)
                .put("model", model);
    }

    private static ObjectNode usage(Usage usage) {
        return Json.MAPPER
                .createObjectNode()
                .put("prompt_tokens", usage.input())
                .put("completion_tokens", usage.output())
                .put("total_tokens", usage.input() + usage.output());
    }

    /// A call of a function, as OpenAI writes it.
    static ObjectNode toolCall(int index, String id, String name, String arguments) {
        var call =
                Json.MAPPER.createObjectNode().put("index", index).put("id", id).put("type", "function");
        call.putObject("function").put("name", name).put("arguments", arguments);
        return call;
    }

    /// With what a message calls a function, as JSON. The model that wrote it may have written something else.
    static JsonNode arguments(JsonNode call) {
        var text = call.at("/function/arguments").asString("");
        try {
            return text.isBlank() ? Json.MAPPER.createObjectNode() : Json.MAPPER.readTree(text);
        } catch (JacksonException e) {
            return Json.MAPPER.createObjectNode().put("arguments", text);
        }
    }

    /// The parts of a message's content; none if that is a plain text.
    static Stream<JsonNode> parts(JsonNode message) {
        var content = message.path("content");
        return content.isArray() ? content.valueStream() : Stream.empty();
    }

    /// The sounds and files of a request, for which only OpenAI's dialect has a word.
    static Optional<String> soundsAndFiles(ObjectNode request) {
        return request.path("messages")
                .valueStream()
                .flatMap(OpenAiForm::parts)
                .map(part -> part.path("type").asString(""))
                .filter(ONLY_HERE::contains)
                .findFirst()
                .map("parts of type '%s'"::formatted);
    }

    /// The text of a message's content, whose other parts are left out.
    static String text(JsonNode content) {
        if (!content.isArray()) {
            return content.asString("");
        }
        var text = new StringBuilder();
        content.forEach(part -> text.append(part.path("text").asString("")));
        return text.toString();
    }
}
