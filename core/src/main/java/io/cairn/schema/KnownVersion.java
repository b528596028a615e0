package io.cairn.schema;

import org.jspecify.annotations.Nullable;

/// A registered version with its schema, which is made ready when it is first needed.
final class KnownVersion {
    private final SchemaVersion registered;
    private final JsonSchemas schemas;
    private volatile JsonSchemas.@Nullable Compiled compiled;

    KnownVersion(SchemaVersion registered, JsonSchemas schemas) {
        this.registered = registered;
        this.schemas = schemas;
    }

    SchemaVersion registered() {
        return registered;
    }

    /// Two threads that need it first at the same time both make it, which is harmless.
    JsonSchemas.Compiled compiled() {
        var ready = compiled;
        if (ready == null) {
            ready = schemas.compile(registered.content().schema());
            compiled = ready;
        }
        return ready;
    }
}
