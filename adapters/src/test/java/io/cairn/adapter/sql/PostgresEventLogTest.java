package io.cairn.adapter.sql;

import io.cairn.event.AppendContract;
import io.cairn.event.BlobContract;
import io.cairn.event.InlineRebuildContract;
import io.cairn.event.PartitionsContract;
import io.cairn.event.RowContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A log on PostgreSQL.
class PostgresEventLogTest {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @Nested
    class Appends extends AppendContract {
        Appends() {
            super(new PostgresLogs(DATABASE, Watched::log));
        }
    }

    @Nested
    class Partitions extends PartitionsContract {
        Partitions() {
            super(new PostgresLogs(DATABASE, Watched::log));
        }
    }

    @Nested
    class Rows extends RowContract {
        Rows() {
            super(new PostgresLogs(DATABASE, Watched::log));
        }
    }

    @Nested
    class LargeContents extends BlobContract {
        LargeContents() {
            super(new PostgresLogs(DATABASE, Watched::log));
        }
    }

    @Nested
    class Rebuilds extends InlineRebuildContract {
        Rebuilds() {
            super(new PostgresLogs(DATABASE, Watched::log));
        }
    }
}
