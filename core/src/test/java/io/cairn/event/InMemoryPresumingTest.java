package io.cairn.event;

class InMemoryPresumingTest extends PresumingContract {
    @Override
    protected LogStorage create() {
        return LogStorage.inMemory(EventLog.tables());
    }
}
