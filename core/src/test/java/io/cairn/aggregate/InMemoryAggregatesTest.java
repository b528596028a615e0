package io.cairn.aggregate;

import io.cairn.event.EventLog;
import io.cairn.event.LogStorage;

class InMemoryAggregatesTest extends AggregatesContract {
    @Override
    protected LogStorage create() {
        return LogStorage.inMemory(EventLog.tables());
    }

    @Override
    protected LogStorage reopen(LogStorage storage) {
        return storage;
    }
}
