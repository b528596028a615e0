package io.cairn.adapter.sql;

import io.cairn.event.LogStorage;
import io.cairn.projection.ProjectionHostContract;
import io.cairn.row.Table;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

class SqliteProjectionHostTest extends ProjectionHostContract {
    @TempDir
    Path folder;

    @Override
    protected LogStorage create(List<Table> tables) {
        return Watched.log(folder.resolve("log.db"));
    }
}
