package io.cairn.adapter.sql;

import io.cairn.aggregate.AggregatesContract;
import io.cairn.event.LogStorage;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresAggregatesTest extends AggregatesContract {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @Override
    protected LogStorage create() {
        return PostgresLogStorage.open(DATABASE.emptied().settings());
    }

    @Override
    protected LogStorage reopen(LogStorage storage) {
        storage.close();
        return PostgresLogStorage.open(DATABASE.settings());
    }
}
