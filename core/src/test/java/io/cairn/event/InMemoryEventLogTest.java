package io.cairn.event;

import java.util.List;

class InMemoryEventLogTest extends EventLogContract {
    @Override
    protected LogStorage create() {
        return LogStorage.inMemory(List.of(SubjectKeys.TABLE, Blobs.TABLE, Blobs.UNFINISHED, THINGS));
    }

    @Override
    protected LogStorage reopen(LogStorage storage) {
        return storage;
    }
}
