package io.cairn.event;

import org.junit.jupiter.api.Nested;

/// A log in memory, of several partitions.
class PartitionedEventLogTest {
    @Nested
    class Appends extends AppendContract {
        Appends() {
            super(LogPlace.inMemory(tables -> LogStorage.inMemory(tables, 3)));
        }
    }

    @Nested
    class Partitions extends PartitionsContract {
        Partitions() {
            super(LogPlace.inMemory(tables -> LogStorage.inMemory(tables, 3)));
        }
    }

    @Nested
    class Rows extends RowContract {
        Rows() {
            super(LogPlace.inMemory(tables -> LogStorage.inMemory(tables, 3)));
        }
    }

    @Nested
    class LargeContents extends BlobContract {
        LargeContents() {
            super(LogPlace.inMemory(tables -> LogStorage.inMemory(tables, 3)));
        }
    }

    @Nested
    class Rebuilds extends InlineRebuildContract {
        Rebuilds() {
            super(LogPlace.inMemory(tables -> LogStorage.inMemory(tables, 3)));
        }
    }
}
