package io.cairn.bus;

import io.cairn.event.LogStorage;
import io.cairn.row.Table;
import java.util.List;

class InMemoryWebhookTest extends WebhookContract {
    @Override
    protected LogStorage create(List<Table> tables) {
        return LogStorage.inMemory(tables, 2);
    }
}
