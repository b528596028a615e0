package io.cairn.adapter.sql;

import io.cairn.event.LogStorage;
import io.cairn.event.PartitionUnitContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqlitePartitionUnitTest extends PartitionUnitContract {
    @TempDir
    Path folder;

    @Override
    protected LogStorage create() {
        return SqliteLogStorage.open(folder.resolve("log.db"), 1);
    }
}
