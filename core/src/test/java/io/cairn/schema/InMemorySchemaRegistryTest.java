package io.cairn.schema;

import io.cairn.event.EventLog;
import io.cairn.event.LogStorage;

class InMemorySchemaRegistryTest extends SchemaRegistryContract {
    @Override
    protected LogStorage create() {
        return LogStorage.inMemory(EventLog.tables(), 3);
    }
}
