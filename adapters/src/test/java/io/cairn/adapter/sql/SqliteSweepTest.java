package io.cairn.adapter.sql;

import io.cairn.event.LogStorage;
import io.cairn.model.VectorStore;
import io.cairn.recall.SweepContract;
import io.cairn.row.Table;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

class SqliteSweepTest extends SweepContract {
    @TempDir
    Path folder;

    @Override
    protected LogStorage create(List<Table> tables) {
        return Watched.log(folder.resolve("log.db"));
    }

    @Override
    protected VectorStore vectors() {
        return Watched.vectors(folder.resolve("vectors.db"));
    }
}
