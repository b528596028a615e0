package io.cairn.adapter.sql;

import io.cairn.event.LogStorage;
import io.cairn.ledger.SharedLedgerContract;
import io.cairn.row.Table;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresLedgerTest extends SharedLedgerContract {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @Override
    protected LogStorage create(List<Table> tables) {
        return PostgresLogStorage.open(DATABASE.emptied().settings().withPartitions(2));
    }

    @Override
    protected LogStorage again(LogStorage storage) {
        return PostgresLogStorage.open(DATABASE.settings().withPartitions(2));
    }
}
