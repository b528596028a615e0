package io.cairn.aggregate;

import io.cairn.event.EventLog;
import io.cairn.event.LogStorage;

class PartitionedAggregatesTest extends AggregatesContract {
    @Override
    protected LogStorage create() {
        return LogStorage.inMemory(EventLog.tables(), 3);
    }

    @Override
    protected LogStorage reopen(LogStorage storage) {
        return storage;
    }
}
