package io.cairn.event;

import java.util.List;

class PartitionedEventLogTest extends EventLogContract {
    @Override
    protected LogStorage create() {
        return LogStorage.inMemory(List.of(SubjectKeys.TABLE, Blobs.TABLE, Blobs.UNFINISHED, THINGS), 3);
    }

    @Override
    protected LogStorage reopen(LogStorage storage) {
        return storage;
    }
}
