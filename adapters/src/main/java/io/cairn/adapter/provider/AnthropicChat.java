package io.cairn.adapter.provider;

import io.cairn.guard.Deadline;
import io.cairn.model.ChatAnswer;
import io.cairn.model.ChatDeadlines;
import io.cairn.model.ChatModel;
import io.cairn.model.ChatStream;
import io.cairn.model.Usage;
import java.time.InstantSource;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Chat in Anthropic's dialect.
public final class AnthropicChat implements ChatModel {
    private final ProviderHttp http;
    private final String path;
    private final InstantSource clock;

    /// @param path of the route, behind the provider's URL
    public AnthropicChat(ProviderHttp http, String path, InstantSource clock) {
        this.http = http;
        this.path = path;
        this.clock = clock;
    }

    @Override
    public String provider() {
        return http.name();
    }

    @Override
    public Optional<String> cannotTell(ObjectNode request) {
        return AnthropicRequest.cannotTell(request);
    }

    @Override
    public ChatAnswer answer(ObjectNode request, Deadline deadline) {
        var sent = Json.MAPPER.writeValueAsBytes(AnthropicRequest.of(request, false));
        var json = http.json(http.whole(path, sent, deadline));
        if (!json.path("content").isArray()) {
            throw http.garbled("no content");
        }
        var message = Json.MAPPER.createObjectNode().put("role", "assistant");
        var text = new StringBuilder();
        for (var block : json.path("content")) {
            text.append(block.path("text").asString(""));
            if (block.path("type").asString("").equals("tool_use")) {
                var calls = message.withArray("tool_calls");
                calls.add(OpenAiForm.toolCall(
                        calls.size(),
                        block.path("id").asString(""),
                        block.path("name").asString(""),
                        block.path("input").toString()));
            }
        }
        message.put("content", text.isEmpty() && message.has("tool_calls") ? null : text.toString());
        var usage = usage(json.path("usage"));
        var form =
                OpenAiForm.of(json.path("id").asString(""), json.path("model").asString(""), clock);
        return new ChatAnswer(
                form.whole(message, finish(json.path("stop_reason").asString("")), usage), usage);
    }

    @Override
    public ChatStream stream(ObjectNode request, ChatDeadlines deadlines) {
        var body = http.post(
                path, Json.MAPPER.writeValueAsBytes(AnthropicRequest.of(request, true)), deadlines.firstToken());
        return new HttpChatStream(http, body, new AnthropicPieces(http, clock), deadlines);
    }

    /// What was read from the provider's cache was read, too.
    static Usage usage(JsonNode usage) {
        if (!usage.path("input_tokens").isIntegralNumber()) {
            return Usage.UNKNOWN;
        }
        long input = usage.path("input_tokens").asLong()
                + usage.path("cache_creation_input_tokens").asLong(0)
                + usage.path("cache_read_input_tokens").asLong(0);
        return new Usage(
                Math.max(0, input),
                Math.max(0, usage.path("output_tokens").asLong(0)),
                false,
                Math.max(0, usage.path("cache_read_input_tokens").asLong(0)));
    }

    static String finish(String reason) {
        return switch (reason) {
            case "max_tokens", "model_context_window_exceeded" -> "length";
            case "tool_use" -> "tool_calls";
            case "refusal" -> "content_filter";
            default -> "stop";
        };
    }
}
