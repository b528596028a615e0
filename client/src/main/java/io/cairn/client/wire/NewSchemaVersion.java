package io.cairn.client.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The body of `PUT /v1/schemas/{type}/{version}`: a JSON Schema of draft 2020-12 for the payloads of one version of an
/// event type.
///
/// `upcaster` leads from the version before and is absent for version 1; `examples` are payloads of this version, with
/// which it and later ones are tried.
public record NewSchemaVersion(
        JsonNode schema,
        @Nullable SchemaUpcaster upcaster,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<JsonNode> examples,
        @Nullable String description) {
    public NewSchemaVersion {
        examples = Copy.of(examples);
    }

    public static NewSchemaVersion of(JsonNode schema) {
        return new NewSchemaVersion(schema, null, List.of(), null);
    }

    public NewSchemaVersion withUpcaster(SchemaUpcaster newUpcaster) {
        return new NewSchemaVersion(schema, newUpcaster, examples, description);
    }

    public NewSchemaVersion withExamples(List<JsonNode> newExamples) {
        return new NewSchemaVersion(schema, upcaster, newExamples, description);
    }
}
