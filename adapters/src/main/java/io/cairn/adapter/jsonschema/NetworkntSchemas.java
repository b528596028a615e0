package io.cairn.adapter.jsonschema;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import io.cairn.schema.JsonSchemas;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON Schema of draft 2020-12. `format` is an annotation, as that draft has it.
///
/// Schemas come from users, and so do the values that are checked. Nothing is fetched: a reference leads to a place in
/// its own schema, or the schema is refused. What a check may cost is bounded by the number of its steps and by their
/// depth, and a pattern by the engine that matches it.
public final class NetworkntSchemas implements JsonSchemas {
    static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";

    private static final Logger LOG = LoggerFactory.getLogger(NetworkntSchemas.class);

    private final BoundedSchema meta = new BoundedSchema(registry(true).getSchema(SchemaLocation.of(DRAFT)));

    @Override
    public Compiled compile(JsonNode schema) {
        return SchemaWalk.refusal(schema)
                .or(() -> violation(schema))
                .<Compiled>map(refusal -> refusal)
                .orElseGet(() -> ready(schema));
    }

    private Optional<Compiled.Refused> violation(JsonNode schema) {
        return meta.check(schema, 1).stream()
                .findFirst()
                .map(mismatch -> new Compiled.Refused(mismatch.pointer(), mismatch.detail()));
    }

    private static Compiled ready(JsonNode schema) {
        try {
            Schema compiled = registry(false).getSchema(nameless(schema));
            compiled.initializeValidators();
            return new Compiled.Ready(new BoundedSchema(compiled));
        } catch (SchemaException | IllegalArgumentException | StackOverflowError e) {
            LOG.debug("A schema is not taken", e);
            return new Compiled.Refused("", "It cannot be used: " + Shown.text(String.valueOf(e.getMessage())));
        }
    }

    /// A schema's own address would only be good for being found under it.
    private static JsonNode nameless(JsonNode schema) {
        if (schema instanceof ObjectNode object && object.has("$id")) {
            var copy = object.deepCopy();
            copy.remove("$id");
            return copy;
        }
        return schema;
    }

    /// Each schema has a registry of its own, so that none finds another.
    ///
    /// @param draftItself whether the draft's own schemas, which come with the library, may be found
    private static SchemaRegistry registry(boolean draftItself) {
        var config = SchemaRegistryConfig.builder()
                .regularExpressionFactory(LinearPattern::of)
                .locale(Locale.ROOT)
                .losslessNarrowing(true)
                .build();
        return SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder -> builder.schemaRegistryConfig(config)
                        .schemaLoader(loader -> loader.fetchRemoteResources(false)
                                .allow(iri -> draftItself
                                        && iri.toString().startsWith("https://json-schema.org/draft/2020-12/"))));
    }
}
