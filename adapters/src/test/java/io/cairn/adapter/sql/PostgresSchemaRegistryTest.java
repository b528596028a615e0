package io.cairn.adapter.sql;

import io.cairn.event.LogStorage;
import io.cairn.schema.SchemaRegistryContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresSchemaRegistryTest extends SchemaRegistryContract {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @Override
    protected LogStorage create() {
        return PostgresLogStorage.open(DATABASE.emptied().settings());
    }
}
