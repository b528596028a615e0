package io.cairn.projection;

import io.cairn.event.LogStorage;
import io.cairn.row.Table;
import java.util.List;
import org.junit.jupiter.api.Nested;

/// An index that follows a log of one partition in memory.
class InMemoryIndexTest {
    @Nested
    class Following extends IndexFollowingContract {
        @Override
        protected LogStorage create(List<Table> tables) {
            return LogStorage.inMemory(tables, 1);
        }
    }

    @Nested
    class Parking extends IndexParkingContract {
        @Override
        protected LogStorage create(List<Table> tables) {
            return LogStorage.inMemory(tables, 1);
        }
    }

    @Nested
    class Generations extends IndexGenerationsContract {
        @Override
        protected LogStorage create(List<Table> tables) {
            return LogStorage.inMemory(tables, 1);
        }
    }
}
