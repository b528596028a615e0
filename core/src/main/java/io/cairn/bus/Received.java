package io.cairn.bus;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.event.ExactJson;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A webhook that came in, was genuine, and is in the log.
///
/// @param event its event in the log
/// @param delivery the sender's id of it
/// @param topic what it is about, as the sender calls it
/// @param body the bytes as they came
public record Received(
        UUID event, String hook, String delivery, @Nullable String topic, byte[] body) {
    /// The body read as JSON; empty if it is something else.
    public Optional<JsonNode> json() {
        try {
            return Optional.of(ExactJson.mapper().readTree(body)).filter(node -> !node.isMissingNode());
        } catch (JacksonException | NumberFormatException notJson) {
            return Optional.empty();
        }
    }

    /// Text stays text, so that people can read it; other bytes are kept in base64.
    JsonNode payload() {
        var node = JsonNodeFactory.instance.objectNode().put("hook", hook).put("delivery", delivery);
        if (topic != null) {
            node.put("topic", topic);
        }
        var text = new String(body, UTF_8);
        return Arrays.equals(text.getBytes(UTF_8), body)
                ? node.put("body", text)
                : node.put("body_base64", Base64.getEncoder().encodeToString(body));
    }

    static Received of(UUID event, JsonNode payload) {
        var text = payload.path("body").stringValue(null);
        return new Received(
                event,
                payload.path("hook").asString(),
                payload.path("delivery").asString(),
                payload.path("topic").stringValue(null),
                text == null
                        ? Base64.getDecoder().decode(payload.path("body_base64").asString())
                        : text.getBytes(UTF_8));
    }
}
