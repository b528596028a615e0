package io.cairn.adapter.sql;

import io.cairn.event.LogStorage;
import io.cairn.projection.RowsFollowingContract;
import io.cairn.projection.RowsGenerationsContract;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/// Rows that follow a log on SQLite.
class SqliteRowsTest {
    @TempDir
    Path folder;

    @Nested
    class Following extends RowsFollowingContract {
        Following() {
            super(new SqliteFile(() -> folder, SqliteRowsTest::open));
        }
    }

    @Nested
    class Generations extends RowsGenerationsContract {
        Generations() {
            super(new SqliteFile(() -> folder, SqliteRowsTest::open));
        }
    }

    private static LogStorage open(Path file) {
        return SqliteLogStorage.open(file, 1);
    }
}
