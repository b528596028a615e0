package io.cairn.event;

import org.junit.jupiter.api.Nested;

/// A log in memory, of one partition.
class InMemoryEventLogTest {
    @Nested
    class Appends extends AppendContract {
        Appends() {
            super(LogPlace.inMemory(LogStorage::inMemory));
        }
    }

    @Nested
    class Partitions extends PartitionsContract {
        Partitions() {
            super(LogPlace.inMemory(LogStorage::inMemory));
        }
    }

    @Nested
    class Rows extends RowContract {
        Rows() {
            super(LogPlace.inMemory(LogStorage::inMemory));
        }
    }

    @Nested
    class LargeContents extends BlobContract {
        LargeContents() {
            super(LogPlace.inMemory(LogStorage::inMemory));
        }
    }

    @Nested
    class Rebuilds extends InlineRebuildContract {
        Rebuilds() {
            super(LogPlace.inMemory(LogStorage::inMemory));
        }
    }
}
