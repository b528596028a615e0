package io.cairn.adapter.sql;

import io.cairn.task.DeadLettersContract;
import io.cairn.task.ScheduleContract;
import io.cairn.task.TaskAttemptsContract;
import io.cairn.task.TaskEffectsContract;
import io.cairn.task.TaskOrderContract;
import io.cairn.task.TaskRunsContract;
import io.cairn.task.TaskTroubleContract;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/// Tasks on SQLite. Another node on the same file is what comes after a process that has ended.
class SqliteTaskTest {
    @TempDir
    Path folder;

    @Nested
    class Attempts extends TaskAttemptsContract {
        Attempts() {
            super(new SqliteFile(() -> folder, file -> SqliteLogStorage.open(file, 1)));
        }
    }

    @Nested
    class Order extends TaskOrderContract {
        Order() {
            super(new SqliteFile(() -> folder, file -> SqliteLogStorage.open(file, 1)));
        }
    }

    @Nested
    class Running extends TaskRunsContract {
        Running() {
            super(new SqliteFile(() -> folder, file -> SqliteLogStorage.open(file, 1)));
        }
    }

    @Nested
    class Effects extends TaskEffectsContract {
        Effects() {
            super(new SqliteFile(() -> folder, file -> SqliteLogStorage.open(file, 1)));
        }
    }

    @Nested
    class FireTimes extends ScheduleContract {
        FireTimes() {
            super(new SqliteFile(() -> folder, file -> SqliteLogStorage.open(file, 1)));
        }
    }

    @Nested
    class GivenUp extends DeadLettersContract {
        GivenUp() {
            super(new SqliteFile(() -> folder, file -> SqliteLogStorage.open(file, 1)));
        }
    }

    @Nested
    class Trouble extends TaskTroubleContract {
        Trouble() {
            super(new SqliteFile(() -> folder, file -> SqliteLogStorage.open(file, 1)));
        }
    }
}
