package io.cairn.adapter.provider;

import io.cairn.guard.Deadline;
import io.cairn.model.ChatAnswer;
import io.cairn.model.ChatDeadlines;
import io.cairn.model.ChatModel;
import io.cairn.model.ChatStream;
import io.cairn.model.Usage;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Chat in Ollama's own dialect. What it knows no word for is left out, unless the answer would be of
/// another kind then.
public final class OllamaChat implements ChatModel {
    private static final Map<String, String> OPTIONS = Map.of(
            "temperature", "temperature",
            "top_p", "top_p",
            "seed", "seed",
            "stop", "stop",
            "presence_penalty", "presence_penalty",
            "frequency_penalty", "frequency_penalty",
            "max_tokens", "num_predict",
            "max_completion_tokens", "num_predict");

    private static final String BASE64 = ";base64,";

    private final ProviderHttp http;
    private final String path;
    private final InstantSource clock;

    /// @param path of the route, behind the provider's URL
    public OllamaChat(ProviderHttp http, String path, InstantSource clock) {
        this.http = http;
        this.path = path;
        this.clock = clock;
    }

    @Override
    public String provider() {
        return http.name();
    }

    /// Ollama fetches no image, and takes only what is sent along.
    @Override
    public Optional<String> cannotTell(ObjectNode request) {
        boolean elsewhere = request.path("messages")
                .valueStream()
                .flatMap(OllamaChat::images)
                .anyMatch(url -> image(url).isEmpty());
        return elsewhere ? Optional.of("images but those in a data: URL") : OpenAiForm.soundsAndFiles(request);
    }

    @Override
    public ChatAnswer answer(ObjectNode request, Deadline deadline) {
        var json = http.json(http.whole(path, Json.MAPPER.writeValueAsBytes(sent(request, false)), deadline));
        if (!json.path("message").isObject()) {
            throw http.garbled("no message");
        }
        var said = said(json.path("message"), 0).put("role", "assistant");
        var usage = usage(json);
        return new ChatAnswer(
                OpenAiForm.of("ollama", json.path("model").asString(""), clock)
                        .whole(said, finish(json, said.has("tool_calls")), usage),
                usage);
    }

    @Override
    public ChatStream stream(ObjectNode request, ChatDeadlines deadlines) {
        var body = http.post(path, Json.MAPPER.writeValueAsBytes(sent(request, true)), deadlines.firstToken());
        return new HttpChatStream(http, body, new OllamaPieces(http, clock), deadlines);
    }

    private ObjectNode sent(ObjectNode request, boolean stream) {
        var sent = Json.MAPPER.createObjectNode().put("stream", stream);
        sent.set("model", request.path("model"));
        var options = Json.MAPPER.createObjectNode();
        OPTIONS.forEach((from, to) -> {
            if (request.hasNonNull(from)) {
                options.set(to, request.path(from));
            }
        });
        sent.set("options", options);
        if (request.path("tools").isArray()) {
            sent.set("tools", request.path("tools"));
        }
        format(request.path("response_format"), sent);
        var messages = sent.putArray("messages");
        request.path("messages").forEach(message -> messages.add(message(message)));
        return sent;
    }

    private static void format(JsonNode wanted, ObjectNode sent) {
        switch (wanted.path("type").asString("")) {
            case "json_object" -> sent.put("format", "json");
            case "json_schema" -> sent.set("format", wanted.at("/json_schema/schema"));
            default -> {
                // Text.
            }
        }
    }

    private ObjectNode message(JsonNode message) {
        var sent = Json.MAPPER.createObjectNode();
        sent.set("role", message.path("role"));
        sent.put("content", OpenAiForm.text(message.path("content")));
        images(message)
                .flatMap(url -> image(url).stream())
                .forEach(data -> sent.withArray("images").add(data));
        for (var call : message.path("tool_calls")) {
            var function = sent.withArray("tool_calls").addObject().putObject("function");
            function.set("name", call.at("/function/name"));
            function.set("arguments", OpenAiForm.arguments(call));
        }
        return sent;
    }

    private static Stream<String> images(JsonNode message) {
        return OpenAiForm.parts(message)
                .filter(part -> part.has("image_url"))
                .map(part -> part.at("/image_url/url").asString(""));
    }

    private static Optional<String> image(String url) {
        int data = url.startsWith("data:") ? url.indexOf(BASE64) : -1;
        return data < 0 ? Optional.empty() : Optional.of(url.substring(data + BASE64.length()));
    }

    /// What a message says. Ollama sends each call of a tool whole, and without an id.
    static ObjectNode said(JsonNode message, int toolsBefore) {
        var said = Json.MAPPER.createObjectNode();
        said.put("content", message.path("content").asString(""));
        if (!message.path("thinking").asString("").isEmpty()) {
            said.put("reasoning_content", message.path("thinking").asString(""));
        }
        for (var call : message.path("tool_calls")) {
            var calls = said.withArray("tool_calls");
            int index = toolsBefore + calls.size();
            calls.add(OpenAiForm.toolCall(
                    index,
                    "call_" + index,
                    call.at("/function/name").asString(""),
                    call.at("/function/arguments").toString()));
        }
        return said;
    }

    static String finish(JsonNode json, boolean tools) {
        if (tools) {
            return "tool_calls";
        }
        return json.path("done_reason").asString("").equals("length") ? "length" : "stop";
    }

    static Usage usage(JsonNode json) {
        return json.path("eval_count").isIntegralNumber()
                ? new Usage(
                        Math.max(0, json.path("prompt_eval_count").asLong(0)),
                        Math.max(0, json.path("eval_count").asLong()),
                        false)
                : Usage.UNKNOWN;
    }
}
