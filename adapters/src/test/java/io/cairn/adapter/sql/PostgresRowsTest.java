package io.cairn.adapter.sql;

import io.cairn.event.LogStorage;
import io.cairn.projection.RowsFollowingContract;
import io.cairn.projection.RowsGenerationsContract;
import io.cairn.projection.RowsNodesContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Rows that follow a log on PostgreSQL.
class PostgresRowsTest {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @Nested
    class Following extends RowsFollowingContract {
        Following() {
            super(new PostgresLogs(DATABASE, PostgresRowsTest::open));
        }
    }

    @Nested
    class Generations extends RowsGenerationsContract {
        Generations() {
            super(new PostgresLogs(DATABASE, PostgresRowsTest::open));
        }
    }

    @Nested
    class Nodes extends RowsNodesContract {
        Nodes() {
            super(new PostgresLogs(DATABASE, PostgresRowsTest::open));
        }
    }

    private static LogStorage open(PostgresSettings settings) {
        return PostgresLogStorage.open(settings.withPartitions(3));
    }
}
