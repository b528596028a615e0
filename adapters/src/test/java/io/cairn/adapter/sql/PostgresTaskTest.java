package io.cairn.adapter.sql;

import io.cairn.task.DeadLettersContract;
import io.cairn.task.ScheduleContract;
import io.cairn.task.TaskAttemptsContract;
import io.cairn.task.TaskEffectsContract;
import io.cairn.task.TaskNodesContract;
import io.cairn.task.TaskOrderContract;
import io.cairn.task.TaskRunsContract;
import io.cairn.task.TaskTroubleContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Tasks on PostgreSQL.
class PostgresTaskTest {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @Nested
    class Attempts extends TaskAttemptsContract {
        Attempts() {
            super(new PostgresLogs(DATABASE, settings -> PostgresLogStorage.open(settings.withPartitions(2))));
        }
    }

    @Nested
    class Order extends TaskOrderContract {
        Order() {
            super(new PostgresLogs(DATABASE, settings -> PostgresLogStorage.open(settings.withPartitions(2))));
        }
    }

    @Nested
    class Running extends TaskRunsContract {
        Running() {
            super(new PostgresLogs(DATABASE, settings -> PostgresLogStorage.open(settings.withPartitions(2))));
        }
    }

    @Nested
    class Effects extends TaskEffectsContract {
        Effects() {
            super(new PostgresLogs(DATABASE, settings -> PostgresLogStorage.open(settings.withPartitions(2))));
        }
    }

    @Nested
    class FireTimes extends ScheduleContract {
        FireTimes() {
            super(new PostgresLogs(DATABASE, settings -> PostgresLogStorage.open(settings.withPartitions(2))));
        }
    }

    @Nested
    class GivenUp extends DeadLettersContract {
        GivenUp() {
            super(new PostgresLogs(DATABASE, settings -> PostgresLogStorage.open(settings.withPartitions(2))));
        }
    }

    @Nested
    class Trouble extends TaskTroubleContract {
        Trouble() {
            super(new PostgresLogs(DATABASE, settings -> PostgresLogStorage.open(settings.withPartitions(2))));
        }
    }

    @Nested
    class Nodes extends TaskNodesContract {
        Nodes() {
            super(new PostgresLogs(DATABASE, settings -> PostgresLogStorage.open(settings.withPartitions(2))));
        }
    }
}
