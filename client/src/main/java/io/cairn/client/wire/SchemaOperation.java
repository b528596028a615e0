package io.cairn.client.wire;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One change of a payload: `op` is `set`, `default`, `rename` or `remove`; `path` and, for `rename`, `from` are JSON
/// pointers; `value` is for `set` and `default`.
public record SchemaOperation(
        String op,
        String path,
        @Nullable String from,
        @Nullable JsonNode value) {}
