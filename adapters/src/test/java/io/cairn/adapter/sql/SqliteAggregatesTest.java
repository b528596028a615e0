package io.cairn.adapter.sql;

import io.cairn.aggregate.AggregatesContract;
import io.cairn.event.LogStorage;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteAggregatesTest extends AggregatesContract {
    @TempDir
    Path folder;

    private int made;

    @Override
    protected LogStorage create() {
        made++;
        return open();
    }

    @Override
    protected LogStorage reopen(LogStorage storage) {
        storage.close();
        return open();
    }

    private LogStorage open() {
        return SqliteLogStorage.open(folder.resolve("log-%d.db".formatted(made)), 2);
    }
}
