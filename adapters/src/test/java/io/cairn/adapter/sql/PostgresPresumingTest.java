package io.cairn.adapter.sql;

import io.cairn.event.LogStorage;
import io.cairn.event.PresumingContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresPresumingTest extends PresumingContract {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @Override
    protected LogStorage create() {
        return Watched.log(DATABASE.emptied().settings());
    }
}
