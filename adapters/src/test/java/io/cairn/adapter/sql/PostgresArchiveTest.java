package io.cairn.adapter.sql;

import io.cairn.archive.ArchiveContract;
import io.cairn.event.LogStorage;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresArchiveTest extends ArchiveContract {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @Override
    protected LogStorage create(String name) {
        return Watched.log(DATABASE.settingsFor(name));
    }
}
