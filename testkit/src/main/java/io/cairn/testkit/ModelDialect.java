package io.cairn.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a provider answers when nothing goes wrong, told by the path of the request.
final class ModelDialect {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String STREAM = "text/event-stream";
    private static final int DIMENSIONS = 8;
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

    /// Makes seeds that are near each other far apart.
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /// @param type of the body's content
    record Answer(int status, String type, String body) {}

    private ModelDialect() {}

    static Answer answer(ModelRequest request) {
        var path = request.path();
        if (path.endsWith("/models")) {
            return json(Map.of("object", "list", "data", List.of(model("small"), model("large"))));
        }
        if (!request.method().equals("POST")) {
            return new Answer(404, "application/json", "{\"error\":{\"message\":\"no such route\"}}");
        }
        var body = request.json();
        if (path.endsWith("/embeddings")) {
            return json(embeddings(body));
        }
        if (path.endsWith("/chat/completions")) {
            return body.path("stream").asBoolean(false) ? openAiStream(body) : json(openAiChat(body));
        }
        if (path.endsWith("/messages")) {
            return body.path("stream").asBoolean(false) ? anthropicStream(body) : json(anthropic(body));
        }
        return body.path("stream").asBoolean(true) ? ollamaStream(body) : json(ollama(body, text(body), true));
    }

    private static Answer json(Object body) {
        return new Answer(200, "application/json", JSON.writeValueAsString(body));
    }

    private static Map<String, Object> model(String id) {
        return Map.of("id", id, "object", "model", "created", 1_700_000_000, "owned_by", "script");
    }

    private static Map<String, Object> embeddings(JsonNode body) {
        var texts = body.path("input").isArray()
                ? StreamSupport.stream(body.path("input").spliterator(), false).toList()
                : List.of(body.path("input"));
        var model = body.path("model").asString("");
        int dimensions = body.path("dimensions").asInt(DIMENSIONS);
        boolean base64 = body.path("encoding_format").asString("float").equals("base64");
        var data = IntStream.range(0, texts.size())
                .mapToObj(index -> {
                    var vector = vector(model, texts.get(index).asString(""), dimensions);
                    return Map.of("object", "embedding", "index", index, "embedding", base64 ? base64(vector) : vector);
                })
                .toList();
        int tokens = texts.stream().mapToInt(text -> tokens(text.toString())).sum();
        return Map.of(
                "object",
                "list",
                "model",
                model,
                "data",
                data,
                "usage",
                Map.of("prompt_tokens", tokens, "total_tokens", tokens));
    }

    /// The sum of a vector for each word, and of one that all texts have. So texts that share words are near each
    /// other, and a vector of another model
    /// is near none.
    private static float[] vector(String model, String text, int dimensions) {
        var vector = new float[dimensions];
        for (var word : NO_WORD.split("text " + text.toLowerCase(Locale.ROOT))) {
            var random = new Random(SPREAD * (31L * model.hashCode() + word.hashCode()));
            for (int i = 0; i < dimensions; i++) {
                vector[i] += random.nextFloat() - 0.5f;
            }
        }
        return vector;
    }

    private static String base64(float[] vector) {
        var bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : vector) {
            bytes.putFloat(value);
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private static int tokens(String text) {
        return text.split("\\s+").length;
    }

    /// The last message, which is the answer, too.
    private static String text(JsonNode body) {
        var messages = body.path("messages");
        var content = messages.path(messages.size() - 1).path("content");
        return content.isArray() ? content.path(0).path("text").asString("") : content.asString("");
    }

    private static List<String> words(JsonNode body) {
        return Arrays.stream(text(body).split("(?<= )")).toList();
    }

    private static Map<String, Object> usage(JsonNode body) {
        int tokens = tokens(text(body));
        return Map.of("prompt_tokens", tokens, "completion_tokens", tokens, "total_tokens", 2 * tokens);
    }

    private static Map<String, Object> openAiChat(JsonNode body) {
        var message = Map.of("role", "assistant", "content", text(body));
        return Map.of(
                "id",
                "chatcmpl-1",
                "object",
                "chat.completion",
                "created",
                1_700_000_000,
                "model",
                body.path("model").asString(""),
                "choices",
                List.of(Map.of("index", 0, "message", message, "finish_reason", "stop")),
                "usage",
                usage(body));
    }

    private static Answer openAiStream(JsonNode body) {
        var events = new StringBuilder(openAiEvent(body, "{\"role\":\"assistant\",\"content\":\"\"}", "null"));
        words(body)
                .forEach(word -> events.append(
                        openAiEvent(body, "{\"content\":%s}".formatted(JSON.writeValueAsString(word)), "null")));
        events.append(openAiEvent(body, "{}", "\"stop\""));
        if (body.at("/stream_options/include_usage").asBoolean(false)) {
            events.append("data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
                    + "\"model\":\"m\",\"choices\":[],\"usage\":%s}\n\n"
                            .formatted(JSON.writeValueAsString(usage(body))));
        }
        return new Answer(200, STREAM, events.append("data: [DONE]\n\n").toString());
    }

    private static String openAiEvent(JsonNode body, String delta, String finish) {
        return "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":%s,\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}]}\n\n"
                .formatted(body.path("model"), delta, finish);
    }

    private static Map<String, Object> anthropic(JsonNode body) {
        int tokens = tokens(text(body));
        return Map.of(
                "id", "msg_1",
                "type", "message",
                "role", "assistant",
                "model", body.path("model").asString(""),
                "content", List.of(Map.of("type", "text", "text", text(body))),
                "stop_reason", "end_turn",
                "usage", Map.of("input_tokens", tokens, "output_tokens", tokens));
    }

    private static Answer anthropicStream(JsonNode body) {
        int tokens = tokens(text(body));
        var events = new StringBuilder();
        events.append(event(
                "message_start",
                "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"model\":%s,\"role\":\"assistant\",\"content\":[],\"usage\":{\"input_tokens\":%d,\"output_tokens\":1}}}"
                        .formatted(body.path("model"), tokens)));
        events.append(event(
                "content_block_start",
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}"));
        events.append(event("ping", "{\"type\":\"ping\"}"));
        words(body)
                .forEach(word -> events.append(event(
                        "content_block_delta",
                        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":%s}}"
                                .formatted(JSON.writeValueAsString(word)))));
        events.append(event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}"));
        events.append(event(
                "message_delta",
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":%d}}"
                        .formatted(tokens)));
        events.append(event("message_stop", "{\"type\":\"message_stop\"}"));
        return new Answer(200, STREAM, events.toString());
    }

    private static String event(String name, String data) {
        return "event: %s\ndata: %s\n\n".formatted(name, data);
    }

    private static Map<String, Object> ollama(JsonNode body, String text, boolean done) {
        int tokens = tokens(text(body));
        var message = Map.of("role", "assistant", "content", text);
        return done
                ? Map.of(
                        "model",
                        body.path("model").asString(""),
                        "message",
                        message,
                        "done",
                        true,
                        "done_reason",
                        "stop",
                        "prompt_eval_count",
                        tokens,
                        "eval_count",
                        tokens)
                : Map.of("model", body.path("model").asString(""), "message", message, "done", false);
    }

    private static Answer ollamaStream(JsonNode body) {
        var lines = new StringBuilder();
        words(body)
                .forEach(word -> lines.append(JSON.writeValueAsString(ollama(body, word, false)))
                        .append('\n'));
        lines.append(JSON.writeValueAsString(ollama(body, "", true))).append('\n');
        return new Answer(200, "application/x-ndjson", lines.toString());
    }
}
