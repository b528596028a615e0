package io.cairn.schema;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// A JSON Schema that is ready for use, by many threads at the same time.
@FunctionalInterface
public interface JsonSchema {
    /// What is wrong with a value, but no more than so many faults.
    List<Mismatch> check(JsonNode value, int most);
}
