package io.cairn.event;

class PartitionedArchiveTest extends ArchiveContract {
    @Override
    protected LogStorage create(String name) {
        return new InMemoryLogStorage(name, EventLog.tables(), 3, step -> {});
    }
}
