package io.cairn.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.LogStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/// The way back is the backup that was made before the schema was changed.
class SqliteMigrationStepTest extends MigrationStepContract {
    private int places;
    private Path file;

    @Override
    String vendor() {
        return "sqlite";
    }

    private Path filled() {
        return temp.resolve("filled.db");
    }

    @Override
    LogStorage createFilled() {
        return SqliteLogStorage.open(filled(), 1);
    }

    @Override
    @BeforeEach
    void begin() throws IOException {
        file = Files.createDirectory(temp.resolve("place" + places++)).resolve("log.db");
    }

    @Override
    void migrate(String location) {
        SqliteSchema.migrate(file, location);
    }

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    @Override
    void reach(Statement statement) throws SQLException {
        statement.execute("ATTACH '%s' AS filled".formatted(filled()));
    }

    @Override
    String insertOf(String table, String columns) {
        return "INSERT INTO main.%s (%s) SELECT %s FROM filled.%s".formatted(table, columns, columns, table);
    }

    @Override
    void goBack(MigrationFiles files, MigrationFiles.Step from, MigrationFiles.Step to) throws IOException {
        var backups = backups("log.db.schema-%s-".formatted(to.version()));
        assertThat(backups).as("backups made before schema %s", from.version()).hasSize(1);
        for (var left : List.of("log.db-wal", "log.db-shm")) {
            Files.deleteIfExists(file.resolveSibling(left));
        }
        Files.move(backups.getFirst(), file, StandardCopyOption.REPLACE_EXISTING);
    }

    private List<Path> backups(String start) throws IOException {
        try (var found = Files.list(file.getParent())) {
            return found.filter(one -> one.getFileName().toString().startsWith(start))
                    .toList();
        }
    }

    @Override
    LogStorage open() {
        return SqliteLogStorage.open(file, 1);
    }
}
