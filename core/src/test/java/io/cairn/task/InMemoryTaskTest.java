package io.cairn.task;

import io.cairn.event.LogPlace;
import io.cairn.event.LogStorage;
import org.junit.jupiter.api.Nested;

/// Tasks in memory, shared by nodes.
class InMemoryTaskTest {
    @Nested
    class Attempts extends TaskAttemptsContract {
        Attempts() {
            super(LogPlace.inMemory(tables -> LogStorage.inMemory(tables, 2).sharedByNodes()));
        }
    }

    @Nested
    class Order extends TaskOrderContract {
        Order() {
            super(LogPlace.inMemory(tables -> LogStorage.inMemory(tables, 2).sharedByNodes()));
        }
    }

    @Nested
    class Running extends TaskRunsContract {
        Running() {
            super(LogPlace.inMemory(tables -> LogStorage.inMemory(tables, 2).sharedByNodes()));
        }
    }

    @Nested
    class Effects extends TaskEffectsContract {
        Effects() {
            super(LogPlace.inMemory(tables -> LogStorage.inMemory(tables, 2).sharedByNodes()));
        }
    }

    @Nested
    class FireTimes extends ScheduleContract {
        FireTimes() {
            super(LogPlace.inMemory(tables -> LogStorage.inMemory(tables, 2).sharedByNodes()));
        }
    }

    @Nested
    class GivenUp extends DeadLettersContract {
        GivenUp() {
            super(LogPlace.inMemory(tables -> LogStorage.inMemory(tables, 2).sharedByNodes()));
        }
    }

    @Nested
    class Trouble extends TaskTroubleContract {
        Trouble() {
            super(LogPlace.inMemory(tables -> LogStorage.inMemory(tables, 2).sharedByNodes()));
        }
    }

    @Nested
    class Nodes extends TaskNodesContract {
        Nodes() {
            super(LogPlace.inMemory(tables -> LogStorage.inMemory(tables, 2).sharedByNodes()));
        }
    }
}
