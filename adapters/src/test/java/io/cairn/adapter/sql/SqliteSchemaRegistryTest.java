package io.cairn.adapter.sql;

import io.cairn.event.LogStorage;
import io.cairn.schema.SchemaRegistryContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteSchemaRegistryTest extends SchemaRegistryContract {
    @TempDir
    Path folder;

    @Override
    protected LogStorage create() {
        return SqliteLogStorage.open(folder.resolve("log.db"), 2);
    }
}
