package io.cairn.projection;

import io.cairn.event.LogStorage;
import io.cairn.row.Table;
import java.util.List;

class InMemorySharedProjectionTest extends SharedProjectionNodesContract {
    @Override
    protected LogStorage create(List<Table> tables) {
        return LogStorage.inMemory(tables, 3).sharedByNodes();
    }

    @Override
    protected LogStorage again(LogStorage storage) {
        return storage;
    }
}
