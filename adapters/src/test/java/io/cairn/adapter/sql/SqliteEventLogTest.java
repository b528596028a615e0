package io.cairn.adapter.sql;

import io.cairn.event.EventLogContract;
import io.cairn.event.LogStorage;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteEventLogTest extends EventLogContract {
    @TempDir
    Path folder;

    @Override
    protected LogStorage create() {
        return Watched.log(folder.resolve("log.db"));
    }

    @Override
    protected LogStorage reopen(LogStorage storage) {
        storage.close();
        return create();
    }
}
