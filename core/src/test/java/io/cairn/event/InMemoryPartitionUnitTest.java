package io.cairn.event;

class InMemoryPartitionUnitTest extends PartitionUnitContract {
    @Override
    protected LogStorage create() {
        return LogStorage.inMemory(EventLog.tables(), 3);
    }
}
