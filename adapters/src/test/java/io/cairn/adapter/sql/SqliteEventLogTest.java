package io.cairn.adapter.sql;

import io.cairn.event.AppendContract;
import io.cairn.event.BlobContract;
import io.cairn.event.InlineRebuildContract;
import io.cairn.event.PartitionsContract;
import io.cairn.event.RowContract;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/// A log on SQLite.
class SqliteEventLogTest {
    @TempDir
    Path folder;

    @Nested
    class Appends extends AppendContract {
        Appends() {
            super(new SqliteFile(() -> folder, Watched::log));
        }
    }

    @Nested
    class Partitions extends PartitionsContract {
        Partitions() {
            super(new SqliteFile(() -> folder, Watched::log));
        }
    }

    @Nested
    class Rows extends RowContract {
        Rows() {
            super(new SqliteFile(() -> folder, Watched::log));
        }
    }

    @Nested
    class LargeContents extends BlobContract {
        LargeContents() {
            super(new SqliteFile(() -> folder, Watched::log));
        }
    }

    @Nested
    class Rebuilds extends InlineRebuildContract {
        Rebuilds() {
            super(new SqliteFile(() -> folder, Watched::log));
        }
    }
}
