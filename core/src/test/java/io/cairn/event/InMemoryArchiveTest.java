package io.cairn.event;

class InMemoryArchiveTest extends ArchiveContract {
    @Override
    protected LogStorage create(String name) {
        return new InMemoryLogStorage(name, EventLog.tables(), 1, step -> {});
    }
}
