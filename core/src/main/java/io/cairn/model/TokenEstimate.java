package io.cairn.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collection;
import java.util.OptionalLong;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Counts tokens without a tokenizer: what a call may take at most, and what it has probably taken.
///
/// No tokenizer makes more tokens of a text than it has bytes; of most texts it makes one of four characters. An image
/// or another file that a request holds counts as a fixed number of tokens, since its length says nothing.
public final class TokenEstimate {
    private static final int CHARACTERS_PER_TOKEN = 4;
    private static final int TOKENS_PER_FILE = 50_000;
    private static final int FRAME = 16;
    private static final long TOKENS_MAX = 1_000_000_000;

    private TokenEstimate() {}

    /// What a request for chat may take.
    ///
    /// @param outputDefault tokens of an answer, if the request does not bound it
    public static Usage most(ObjectNode request, int outputDefault) {
        return new Usage(Math.min(TOKENS_MAX, input(request, 1)), output(request, outputDefault), true);
    }

    /// What a request for chat has probably taken, whose answer had so many tokens.
    public static Usage probably(ObjectNode request, long output) {
        return new Usage(Math.min(TOKENS_MAX, input(request, CHARACTERS_PER_TOKEN)), output, true);
    }

    /// What texts may take.
    public static Usage most(Collection<String> texts) {
        return new Usage(texts.stream().mapToLong(text -> FRAME + bytes(text)).sum(), 0, true);
    }

    /// What texts have probably taken.
    public static Usage probably(Collection<String> texts) {
        return new Usage(texts.stream().mapToLong(TokenEstimate::probably).sum(), 0, true);
    }

    static long probably(String text) {
        return Math.ceilDiv(text.length(), CHARACTERS_PER_TOKEN);
    }

    private static long input(ObjectNode request, int bytesPerToken) {
        return Stream.of("messages", "tools", "functions", "response_format", "prediction")
                .mapToLong(part -> tokens(request.path(part), bytesPerToken))
                .sum();
    }

    private static long tokens(JsonNode value, int bytesPerToken) {
        if (value.isString()) {
            var text = value.asString();
            return text.startsWith("data:") ? TOKENS_PER_FILE : Math.ceilDiv(bytes(text), bytesPerToken);
        }
        if (value.isArray()) {
            return value.valueStream()
                    .mapToLong(part -> tokens(part, bytesPerToken))
                    .sum();
        }
        if (value.isObject()) {
            long file = value.has("image_url") || value.has("file") || value.has("input_audio") ? TOKENS_PER_FILE : 0;
            return FRAME / bytesPerToken
                    + file
                    + value.properties().stream()
                            .filter(part -> file == 0 || part.getValue().isString())
                            .mapToLong(part -> Math.ceilDiv(part.getKey().length(), bytesPerToken)
                                    + tokens(part.getValue(), bytesPerToken))
                            .sum();
        }
        return 1;
    }

    private static long bytes(String text) {
        return text.getBytes(UTF_8).length;
    }

    /// Whether a request says how long its answer may be.
    static boolean isBounded(ObjectNode request) {
        return bound(request).isPresent();
    }

    private static OptionalLong bound(ObjectNode request) {
        return Stream.of("max_completion_tokens", "max_tokens")
                .map(request::path)
                .filter(bound -> bound.isIntegralNumber() && bound.canConvertToLong() && bound.asLong() > 0)
                .mapToLong(JsonNode::asLong)
                .findFirst();
    }

    private static long output(ObjectNode request, int outputDefault) {
        long each = bound(request).orElse(outputDefault);
        long answers = request.path("n").isInt() ? Math.max(1, request.path("n").asInt()) : 1;
        return Math.min(TOKENS_MAX, Math.min(TOKENS_MAX, each) * answers);
    }
}
