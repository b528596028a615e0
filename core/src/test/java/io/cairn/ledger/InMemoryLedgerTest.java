package io.cairn.ledger;

import io.cairn.event.LogPlace;
import io.cairn.event.LogStorage;

class InMemoryLedgerTest extends SharedLedgerContract {
    InMemoryLedgerTest() {
        super(LogPlace.inMemory(tables -> LogStorage.inMemory(tables, 2).sharedByNodes()));
    }
}
