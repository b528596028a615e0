package io.cairn.adapter.sql;

import io.cairn.bus.WebhookContract;
import io.cairn.event.LogStorage;
import io.cairn.row.Table;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

class SqliteWebhookTest extends WebhookContract {
    @TempDir
    Path folder;

    @Override
    protected LogStorage create(List<Table> tables) {
        return SqliteLogStorage.open(folder.resolve("log.db"), 1, tables, Statements.uncounted());
    }
}
