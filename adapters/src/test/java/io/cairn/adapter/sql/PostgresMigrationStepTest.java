package io.cairn.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.LogStorage;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The way back is the script that is shipped beside the migration.
class PostgresMigrationStepTest extends MigrationStepContract {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private PostgresSettings settings;

    @Override
    String vendor() {
        return "postgres";
    }

    @Override
    LogStorage createFilled() {
        return PostgresLogStorage.open(DATABASE.settingsFor("filled"));
    }

    @Override
    @BeforeEach
    void begin() {
        settings = DATABASE.settingsForBare("step");
    }

    @Override
    void migrate(String location) {
        PostgresSchema.migrate(PostgresAddress.of(settings), location);
    }

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection(
                settings.url(), DATABASE.server().user(), DATABASE.server().password());
    }

    @Override
    void reach(Statement statement) {
        // another schema of the same database
    }

    @Override
    String insertOf(String table, String columns) {
        return "INSERT INTO step.%s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM filled.%s"
                .formatted(table, columns, columns, table);
    }

    @Override
    void goBack(MigrationFiles files, MigrationFiles.Step from, MigrationFiles.Step to) throws Exception {
        var script = files.undo(from);
        assertThat(script)
                .as(
                        "the way back from schema %s: ship it as db/undo/postgres/%s, see docs/OPERATIONS.md",
                        from.version(), from.undoing())
                .isNotNull();
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(script);
        }
    }

    @Override
    LogStorage open() {
        return PostgresLogStorage.open(settings);
    }
}
