package io.cairn.adapter.jsonschema;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.ValidationLimitExceededException;
import io.cairn.schema.JsonSchema;
import io.cairn.schema.Mismatch;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// A schema whose checks end after so many steps.
final class BoundedSchema implements JsonSchema {
    private static final long STEPS_MAX = 100_000;
    private static final int DEPTH_MAX = 400;

    private static final Logger LOG = LoggerFactory.getLogger(BoundedSchema.class);

    private final Schema schema;

    BoundedSchema(Schema schema) {
        this.schema = schema;
    }

    @Override
    public List<Mismatch> check(JsonNode value, int most) {
        try {
            return schema
                    .validate(
                            value,
                            context -> context.executionConfig(config ->
                                    config.maxEvaluationSteps(STEPS_MAX).maxEvaluationDepth(DEPTH_MAX)))
                    .stream()
                    .limit(most)
                    .map(BoundedSchema::mismatch)
                    .toList();
        } catch (ValidationLimitExceededException e) {
            return List.of(beyond("Checking it takes more than %d %s"
                    .formatted(
                            e.getLimit(),
                            e.getLimitKind() == ValidationLimitExceededException.LimitKind.EVALUATION_STEPS
                                    ? "steps"
                                    : "levels")));
        } catch (JacksonException | ArithmeticException e) {
            LOG.debug("A value cannot be checked", e);
            return List.of(beyond("It holds a number too large to be compared with the schema's"));
        }
    }

    private static Mismatch beyond(String detail) {
        return new Mismatch("", detail, null, null);
    }

    private static Mismatch mismatch(Error error) {
        var pointer = String.valueOf(error.getInstanceLocation());
        var node = error.getInstanceNode();
        @Nullable String property = error.getProperty();
        boolean named = property != null && node != null && node.isObject();
        var found = !named ? node : node.get(property);
        return new Mismatch(
                named ? pointer + "/" + property.replace("~", "~0").replace("/", "~1") : pointer,
                Shown.text(error.getMessage()),
                found == null ? "nothing" : Shown.json(found),
                error.getSchemaNode() == null ? null : error.getKeyword() + " " + Shown.json(error.getSchemaNode()));
    }
}
