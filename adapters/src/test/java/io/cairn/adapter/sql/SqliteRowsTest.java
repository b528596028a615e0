package io.cairn.adapter.sql;

import io.cairn.event.LogStorage;
import io.cairn.projection.RowsFollowingContract;
import io.cairn.projection.RowsGenerationsContract;
import io.cairn.row.Table;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/// Rows that follow a log on SQLite. Another node on the same file is what comes after a process that has ended.
class SqliteRowsTest {
    @TempDir
    Path folder;

    @Nested
    class Following extends RowsFollowingContract {
        @Override
        protected LogStorage create(List<Table> tables) {
            return SqliteLogStorage.open(folder.resolve("log.db"), 1, tables, Statements.uncounted());
        }

        @Override
        protected LogStorage again(LogStorage storage) {
            return SqliteLogStorage.open(folder.resolve("log.db"), 1);
        }
    }

    @Nested
    class Generations extends RowsGenerationsContract {
        @Override
        protected LogStorage create(List<Table> tables) {
            return SqliteLogStorage.open(folder.resolve("log.db"), 1, tables, Statements.uncounted());
        }

        @Override
        protected LogStorage again(LogStorage storage) {
            return SqliteLogStorage.open(folder.resolve("log.db"), 1);
        }
    }
}
