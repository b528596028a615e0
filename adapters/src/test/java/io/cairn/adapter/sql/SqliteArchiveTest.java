package io.cairn.adapter.sql;

import io.cairn.archive.ArchiveContract;
import io.cairn.event.LogStorage;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteArchiveTest extends ArchiveContract {
    @TempDir
    Path folder;

    @Override
    protected LogStorage create(String name) {
        return Watched.log(folder.resolve(name + ".db"));
    }
}
