package io.cairn.server;

import io.cairn.adapter.sql.TestDatabase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

class DamagedLogOnPostgresTest extends DamagedLogContract {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    /// One test strikes a migration from the history.
    @BeforeEach
    void empty() {
        DATABASE.bare();
    }

    @Override
    List<String> settings() {
        return StoreSettings.of(DATABASE);
    }

    @Override
    Map<String, List<String>> contents() {
        return DATABASE.rows();
    }

    @Override
    String zeros(String column) {
        return "decode(repeat('00', length(%s)), 'hex')".formatted(column);
    }

    @Override
    void damage(String sql) {
        DATABASE.execute(sql);
    }
}
