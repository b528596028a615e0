package io.cairn.ledger;

import io.cairn.event.LogStorage;
import io.cairn.row.Table;
import java.util.List;

class InMemoryLedgerTest extends SharedLedgerContract {
    @Override
    protected LogStorage create(List<Table> tables) {
        return LogStorage.inMemory(tables, 2).sharedByNodes();
    }

    @Override
    protected LogStorage again(LogStorage storage) {
        return storage;
    }
}
