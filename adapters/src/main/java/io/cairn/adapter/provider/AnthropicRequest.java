package io.cairn.adapter.provider;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A request in OpenAI's form, as Anthropic wants it. What Anthropic knows no word for is left out, unless
/// the answer would be of another kind then.
final class AnthropicRequest {
    /// Anthropic wants a bound; OpenAI has none unless it is named.
    private static final int TOKENS = 4096;

    private static final Pattern DATA_URL = Pattern.compile("data:([^;,]+);base64,(.*)", Pattern.DOTALL);
    private static final Map<String, String> SAME = Map.of("temperature", "temperature", "top_p", "top_p");

    private AnthropicRequest() {}

    static Optional<String> cannotTell(ObjectNode request) {
        return switch (request.at("/response_format/type").asString("")) {
            case "", "text" -> OpenAiForm.soundsAndFiles(request);
            default -> Optional.of("response_format but 'text'");
        };
    }

    static ObjectNode of(ObjectNode request, boolean stream) {
        var sent = Json.MAPPER.createObjectNode();
        sent.set("model", request.path("model"));
        sent.put("max_tokens", tokens(request));
        sent.put("stream", stream);
        SAME.forEach((from, to) -> {
            if (request.hasNonNull(from)) {
                sent.set(to, request.path(from));
            }
        });
        stop(request.path("stop"), sent);
        messages(request.path("messages"), sent);
        tools(request, sent);
        return sent;
    }

    private static int tokens(ObjectNode request) {
        var newer = request.path("max_completion_tokens");
        return newer.isIntegralNumber()
                ? newer.asInt()
                : request.path("max_tokens").asInt(TOKENS);
    }

    private static void stop(JsonNode stop, ObjectNode sent) {
        if (stop.isString()) {
            sent.putArray("stop_sequences").add(stop);
        } else if (stop.isArray()) {
            sent.set("stop_sequences", stop);
        }
    }

    private static void messages(JsonNode messages, ObjectNode sent) {
        var system = new StringBuilder();
        var turns = sent.putArray("messages");
        for (var message : messages) {
            switch (message.path("role").asString("")) {
                case "system", "developer" ->
                    system.append(system.isEmpty() ? "" : "\n\n").append(OpenAiForm.text(message.path("content")));
                case "tool" -> turns.add(result(message));
                case "assistant" -> turns.add(assistant(message));
                default -> {
                    var turn = turns.addObject().put("role", "user");
                    content(message.path("content"), turn.putArray("content"));
                }
            }
        }
        if (!system.isEmpty()) {
            sent.put("system", system.toString());
        }
    }

    private static ObjectNode result(JsonNode message) {
        var turn = Json.MAPPER.createObjectNode().put("role", "user");
        var result = turn.putArray("content").addObject().put("type", "tool_result");
        result.set("tool_use_id", message.path("tool_call_id"));
        result.put("content", OpenAiForm.text(message.path("content")));
        return turn;
    }

    private static ObjectNode assistant(JsonNode message) {
        var turn = Json.MAPPER.createObjectNode().put("role", "assistant");
        var content = turn.putArray("content");
        content(message.path("content"), content);
        for (var call : message.path("tool_calls")) {
            var use = content.addObject().put("type", "tool_use");
            use.set("id", call.path("id"));
            use.set("name", call.at("/function/name"));
            use.set("input", OpenAiForm.arguments(call));
        }
        return turn;
    }

    private static void content(JsonNode content, ArrayNode blocks) {
        if (content.isString() && !content.asString().isEmpty()) {
            blocks.addObject().put("type", "text").put("text", content.asString());
        }
        for (var part : content.isArray() ? content : Json.MAPPER.createArrayNode()) {
            if (part.path("type").asString("").equals("image_url")) {
                image(part.at("/image_url/url").asString(""), blocks.addObject().put("type", "image"));
            } else {
                blocks.addObject()
                        .put("type", "text")
                        .put("text", part.path("text").asString(""));
            }
        }
    }

    private static void image(String url, ObjectNode block) {
        var data = DATA_URL.matcher(url);
        var source = block.putObject("source");
        if (data.matches()) {
            source.put("type", "base64").put("media_type", data.group(1)).put("data", data.group(2));
        } else {
            source.put("type", "url").put("url", url);
        }
    }

    private static void tools(ObjectNode request, ObjectNode sent) {
        if (!request.path("tools").isEmpty()) {
            var tools = sent.putArray("tools");
            for (var tool : request.path("tools")) {
                var function = tool.path("function");
                var one = tools.addObject();
                one.set("name", function.path("name"));
                if (function.hasNonNull("description")) {
                    one.set("description", function.path("description"));
                }
                var schema = function.path("parameters");
                one.set(
                        "input_schema",
                        schema.isObject()
                                ? schema
                                : Json.MAPPER.createObjectNode().put("type", "object"));
            }
        }
        var choice = request.path("tool_choice");
        if (choice.isObject()) {
            sent.putObject("tool_choice").put("type", "tool").set("name", choice.at("/function/name"));
        } else if (choice.isString()) {
            sent.putObject("tool_choice").put("type", choice.asString().equals("required") ? "any" : choice.asString());
        }
    }
}
