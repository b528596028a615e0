package io.cairn.adapter.sql;

import io.cairn.event.LogStorage;
import io.cairn.follow.CarriedSkipsContract;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class PostgresToSqliteSkipsTest extends CarriedSkipsContract {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @TempDir
    Path folder;

    @Override
    protected LogStorage target(String name) {
        return SqliteLogStorage.open(folder.resolve(name + ".db"), 2, TABLES, Statements.uncounted());
    }

    @Override
    protected LogStorage source(String name) {
        return PostgresLogStorage.open(
                DATABASE.settingsFor(name), TABLES, new SimpleMeterRegistry(), Statements.uncounted());
    }
}
