package io.cairn.adapter.sql;

import io.cairn.event.LogStorage;
import io.cairn.projection.RowsFollowingContract;
import io.cairn.projection.RowsGenerationsContract;
import io.cairn.projection.RowsNodesContract;
import io.cairn.row.Table;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Rows that follow a log on PostgreSQL.
class PostgresRowsTest {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @Nested
    class Following extends RowsFollowingContract {
        @Override
        protected LogStorage create(List<Table> tables) {
            return PostgresLogStorage.open(DATABASE.emptied().settings().withPartitions(3));
        }

        @Override
        protected LogStorage again(LogStorage storage) {
            return PostgresLogStorage.open(DATABASE.settings().withPartitions(3));
        }
    }

    @Nested
    class Generations extends RowsGenerationsContract {
        @Override
        protected LogStorage create(List<Table> tables) {
            return PostgresLogStorage.open(DATABASE.emptied().settings().withPartitions(3));
        }

        @Override
        protected LogStorage again(LogStorage storage) {
            return PostgresLogStorage.open(DATABASE.settings().withPartitions(3));
        }
    }

    @Nested
    class Nodes extends RowsNodesContract {
        @Override
        protected LogStorage create(List<Table> tables) {
            return PostgresLogStorage.open(DATABASE.emptied().settings().withPartitions(3));
        }

        @Override
        protected LogStorage again(LogStorage storage) {
            return PostgresLogStorage.open(DATABASE.settings().withPartitions(3));
        }
    }
}
