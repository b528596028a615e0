package io.cairn.adapter.sql;

import io.cairn.event.LogStorage;
import io.cairn.projection.IndexFollowingContract;
import io.cairn.projection.IndexGenerationsContract;
import io.cairn.projection.IndexParkingContract;
import io.cairn.row.Table;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

/// An index that follows a log on PostgreSQL.
class PostgresIndexTest {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @Nested
    class Following extends IndexFollowingContract {
        @Override
        protected LogStorage create(List<Table> tables) {
            return Watched.log(DATABASE.emptied().settings());
        }
    }

    @Nested
    class Parking extends IndexParkingContract {
        @Override
        protected LogStorage create(List<Table> tables) {
            return Watched.log(DATABASE.emptied().settings());
        }
    }

    @Nested
    class Generations extends IndexGenerationsContract {
        @Override
        protected LogStorage create(List<Table> tables) {
            return Watched.log(DATABASE.emptied().settings());
        }
    }
}
