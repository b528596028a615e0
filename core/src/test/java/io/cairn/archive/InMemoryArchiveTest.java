package io.cairn.archive;

import io.cairn.event.EventLog;
import io.cairn.event.InMemoryLogStorage;
import io.cairn.event.LogStorage;

class InMemoryArchiveTest extends ArchiveContract {
    @Override
    protected LogStorage create(String name) {
        return new InMemoryLogStorage(name, EventLog.tables(), 1, step -> {});
    }
}
