package io.cairn.schema;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// A JSON Schema that is ready for use, by many threads at the same time.
@FunctionalInterface
public interface JsonSchema {
    /// The faults of a value, up to a number of them.
    List<Mismatch> check(JsonNode value, int most);
}
