package io.cairn.client.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How payloads of the version before become payloads of this one: by operations in their order, or not at all.
public record SchemaUpcaster(
        @Nullable List<SchemaOperation> operations,
        @Nullable Boolean impossible) {
    public SchemaUpcaster {
        operations = operations == null ? null : Copy.of(operations);
    }

    public static SchemaUpcaster of(List<SchemaOperation> operations) {
        return new SchemaUpcaster(operations, null);
    }

    /// Old payloads stay what they are.
    public static SchemaUpcaster none() {
        return new SchemaUpcaster(null, true);
    }
}
