package io.cairn.recall;

import io.cairn.event.LogStorage;
import io.cairn.model.VectorStore;
import io.cairn.row.Table;
import java.util.List;

class InMemorySweepTest extends SweepContract {
    @Override
    protected LogStorage create(List<Table> tables) {
        return LogStorage.inMemory(tables, 3);
    }

    @Override
    protected VectorStore vectors() {
        return VectorStore.inMemory();
    }
}
