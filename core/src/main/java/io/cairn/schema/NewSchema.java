package io.cairn.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A version of an event type that is to be registered.
///
/// @param schema a JSON Schema of draft 2020-12
/// @param upcaster from the version before; null for the first version
/// @param examples payloads of this version, with which later versions are tried
public record NewSchema(
        JsonNode schema,
        @Nullable RegisteredUpcaster upcaster,
        List<JsonNode> examples,
        @Nullable String description) {
    public static final int EXAMPLES_MAX = 20;

    public NewSchema {
        examples = List.copyOf(examples);
        if (examples.size() > EXAMPLES_MAX) {
            throw new IllegalArgumentException(
                    "A version has at most %d examples; found %d".formatted(EXAMPLES_MAX, examples.size()));
        }
    }

    public static NewSchema of(JsonNode schema) {
        return new NewSchema(schema, null, List.of(), null);
    }

    public NewSchema upcastBy(RegisteredUpcaster step) {
        return new NewSchema(schema, step, examples, description);
    }

    public NewSchema withExamples(List<JsonNode> payloads) {
        return new NewSchema(schema, upcaster, payloads, description);
    }
}
