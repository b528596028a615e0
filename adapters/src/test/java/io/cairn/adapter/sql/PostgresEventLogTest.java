package io.cairn.adapter.sql;

import io.cairn.event.EventLogContract;
import io.cairn.event.LogStorage;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresEventLogTest extends EventLogContract {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @Override
    protected LogStorage create() {
        return Watched.log(DATABASE.emptied().settings());
    }

    @Override
    protected LogStorage reopen(LogStorage storage) {
        storage.close();
        return Watched.log(DATABASE.settings());
    }
}
