package io.cairn.server.http;

import io.cairn.client.wire.Wire;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/// The JSON that the doors read and write: strict, and without rounding a number or choosing between two equal keys.
public final class Json {
    private static final JsonMapper MAPPER = Wire.requests()
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

    @SuppressWarnings("unchecked")
    public static Map<String, Object> map(JsonNode object) {
        return MAPPER.treeToValue(object, Map.class);
    }
}
