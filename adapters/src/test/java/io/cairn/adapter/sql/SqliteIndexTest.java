package io.cairn.adapter.sql;

import io.cairn.event.LogStorage;
import io.cairn.projection.IndexFollowingContract;
import io.cairn.projection.IndexGenerationsContract;
import io.cairn.projection.IndexParkingContract;
import io.cairn.row.Table;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/// An index that follows a log on SQLite.
class SqliteIndexTest {
    @TempDir
    Path folder;

    @Nested
    class Following extends IndexFollowingContract {
        @Override
        protected LogStorage create(List<Table> tables) {
            return Watched.log(folder.resolve("log.db"));
        }
    }

    @Nested
    class Parking extends IndexParkingContract {
        @Override
        protected LogStorage create(List<Table> tables) {
            return Watched.log(folder.resolve("log.db"));
        }
    }

    @Nested
    class Generations extends IndexGenerationsContract {
        @Override
        protected LogStorage create(List<Table> tables) {
            return Watched.log(folder.resolve("log.db"));
        }
    }
}
