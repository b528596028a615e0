package io.cairn.adapter.sql;

import io.cairn.event.LogStorage;
import io.cairn.event.PartitionUnitContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresPartitionUnitTest extends PartitionUnitContract {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @Override
    protected LogStorage create() {
        return PostgresLogStorage.open(DATABASE.emptied().settings().withPartitions(3));
    }
}
