package io.cairn.adapter.sql;

import io.cairn.bus.WebhookContract;
import io.cairn.event.LogStorage;
import io.cairn.row.Table;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresWebhookTest extends WebhookContract {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @Override
    protected LogStorage create(List<Table> tables) {
        return PostgresLogStorage.open(DATABASE.emptied().settings().withPartitions(2));
    }
}
