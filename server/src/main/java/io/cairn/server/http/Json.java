package io.cairn.server.http;

import io.cairn.client.wire.Wire;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/// The JSON that the doors read and write: strict, and without rounding a number or choosing between two equal keys.
public final class Json {
    /// A value of a few bytes, such as `{}`, is some hundred bytes of objects while it is read, checked and written
    /// again.
    private static final long BYTES_PER_TOKEN = 256;

    /// Tokens of one body: as many as half of the heap holds.
    static final long TOKENS_MAX = Runtime.getRuntime().maxMemory() / 2 / BYTES_PER_TOKEN;

    private static final JsonMapper MAPPER = Wire.requests(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxTokenCount(TOKENS_MAX)
                            .build())
                    .build())
            .rebuild()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Json() {}

    public static JsonMapper mapper() {
        return MAPPER;
    }

    public static JsonNode node(Map<String, @Nullable Object> map) {
        return MAPPER.valueToTree(map);
    }

    /// How many characters a value has as JSON, without what has to be escaped.
    static long length(@Nullable Object value) {
        return switch (value) {
            case null -> "null".length();
            case String text -> text.length() + 2L;
            case Map<?, ?> map -> {
                long length = 2;
                for (var entry : map.entrySet()) {
                    length += length(entry.getKey()) + length(entry.getValue()) + 2;
                }
                yield length;
            }
            case Collection<?> list -> {
                long length = 2;
                for (var item : list) {
                    length += length(item) + 1;
                }
                yield length;
            }
            case JsonNode node -> length(node);
            default -> value.toString().length();
        };
    }

    private static long length(JsonNode node) {
        if (!node.isContainer()) {
            return node.isString()
                    ? node.asString().length() + 2L
                    : node.asString().length();
        }
        long length = 2;
        for (var entry : node.properties()) {
            length += length(entry.getKey()) + 2;
        }
        for (var item : node.values()) {
            length += length(item) + 1;
        }
        return length;
    }

    @SuppressWarnings("unchecked")
    public static Map<String, Object> map(JsonNode object) {
        return MAPPER.treeToValue(object, Map.class);
    }
}
