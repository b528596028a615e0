package io.cairn.projection;

import io.cairn.event.LogStorage;
import io.cairn.row.Table;
import java.util.List;

class PartitionedProjectionHostTest extends ProjectionHostContract {
    @Override
    protected LogStorage create(List<Table> tables) {
        return LogStorage.inMemory(tables, 3);
    }
}
