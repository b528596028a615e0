package io.cairn.server.mcp;

import io.modelcontextprotocol.json.schema.JsonSchemaValidator;
import java.util.Map;

/// Takes the tools' schemas and answers as they are: tests hold them to each other, and no start or call pays for it.
final class TrustedSchemas implements JsonSchemaValidator {
    @Override
    public ValidationResponse validate(Map<String, Object> schema, Object content) {
        return ValidationResponse.asValid(null);
    }
}
