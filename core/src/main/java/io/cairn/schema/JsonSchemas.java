package io.cairn.schema;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// Makes JSON Schemas of draft 2020-12 ready for use.
///
/// An implementation fetches nothing from elsewhere, and bounds what a schema and a value can cost.
@FunctionalInterface
public interface JsonSchemas {
    /// What became of a schema.
    sealed interface Compiled {
        record Ready(JsonSchema schema) implements Compiled {}

        /// It is no schema, or one that is not taken.
        ///
        /// @param pointer the place in the schema, as a JSON pointer
        /// @param reason a sentence that says what was found and what is allowed
        record Refused(String pointer, String reason) implements Compiled {}
    }

    Compiled compile(JsonNode schema);

    /// Takes every schema and finds nothing wrong with any value: for logs whose users are trusted to know what they
    /// write.
    static JsonSchemas trusting() {
        return schema -> new Compiled.Ready((value, most) -> List.of());
    }
}
