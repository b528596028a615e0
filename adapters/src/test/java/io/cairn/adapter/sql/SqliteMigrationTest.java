package io.cairn.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sqlite.SQLiteDataSource;

/// How a log's file gets from one release to the next, and what is refused.
class SqliteMigrationTest {
    private static final String OURS = "classpath:db/sqlite";

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void makeLog() {
        file = folder.resolve("log.db");
        SqliteLogStorage.open(file, 1).close();
    }

    @Test
    void aLogIsBackedUpBeforeItsSchemaIsChangedAndTheBackupIsAWayBack() throws IOException {
        var epoch = epoch(file);
        FileChecksum.remove(file);

        SqliteSchema.migrate(file, OURS, "classpath:db/more/sqlite");

        var backups = backups();
        assertThat(backups).hasSize(1);
        assertThatThrownBy(() -> SqliteLogStorage.open(file, 1)).hasMessageContaining("newer release");
        assertThat(epoch(backups.getFirst())).isEqualTo(epoch);
    }

    @Test
    void aLogOfTheFirstSchemaComesThroughWithItsData() throws IOException {
        var first = folder.resolve("first.db");
        FirstSchema.make(source(first), OURS, rows -> rows);

        FirstSchemaFacts.holdOn(SqliteLogStorage.open(first, 1));

        assertThat(backups("first.db.schema-1-")).hasSize(1);
    }

    @Test
    void theBackupOfAMigrationIsTheLogAsTheFormerReleaseLeftIt() throws IOException, SQLException {
        var first = folder.resolve("first.db");
        FirstSchema.make(source(first), OURS, rows -> rows);
        SqliteLogStorage.open(first, 1).close();
        var backup = backups("first.db.schema-1-").getFirst();

        assertThat(number(first, "SELECT count(*) FROM sqlite_schema WHERE name = 'snapshot'"))
                .isOne();
        assertThat(number(backup, "SELECT count(*) FROM sqlite_schema WHERE name = 'snapshot'"))
                .isZero();
        assertThat(number(backup, "SELECT max(CAST(version AS INTEGER)) FROM flyway_schema_history"))
                .isOne();
        assertThat(number(backup, "SELECT count(*) FROM event")).isEqualTo(3);

        Files.move(backup, first, StandardCopyOption.REPLACE_EXISTING);
        FileChecksum.remove(first);
        FirstSchemaFacts.holdOn(SqliteLogStorage.open(first, 1));
    }

    @Test
    void aSchemaThatIsUpToDateIsNotBackedUp() throws IOException {
        SqliteLogStorage.open(file, 1).close();

        assertThat(backups()).isEmpty();
    }

    @Test
    void aMigrationThatFailsChangesNothingAndSaysSoInOneSentence() throws SQLException {
        var epoch = epoch(file);

        assertThatThrownBy(() -> SqliteSchema.migrate(file, OURS, "classpath:db/more/broken"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("could not be brought up to date")
                .hasMessageContaining("V1000__broken.sql")
                .hasMessageContaining("The former release still runs on it");

        assertThat(epoch(file)).isEqualTo(epoch);
    }

    @Test
    void aSchemaOfANewerReleaseIsRefused() {
        FileChecksum.remove(file);
        SqliteSchema.migrate(file, OURS, "classpath:db/more/sqlite");

        assertThatThrownBy(() -> SqliteLogStorage.open(file, 1))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("has schema 1000 of a newer release of Cairn");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DROP TABLE blob | there is no table blob",
                "ALTER TABLE blob DROP COLUMN sealed | blob.sealed is missing",
                "ALTER TABLE event ADD COLUMN note TEXT | event.note is unknown",
                "ALTER TABLE subject_key RENAME COLUMN wrapped TO packed | subject_key.wrapped is missing",
                "DROP TABLE blob; CREATE TABLE blob (tenant TEXT, address TEXT, part TEXT, subject TEXT, key_id TEXT,"
                        + " sealed BLOB, PRIMARY KEY (tenant, address, part)) | blob.part is text instead of integer",
                "DROP TABLE blob; CREATE TABLE blob (tenant TEXT, address TEXT, part INTEGER, subject TEXT, key_id TEXT,"
                        + " sealed BLOB, PRIMARY KEY (tenant, address)) | blob.part is not part 3 of the primary key",
            })
    void aSchemaThatWasChangedByHandIsRefused(String change, String difference) throws SQLException {
        execute(change);

        assertThatThrownBy(() -> SqliteLogStorage.open(file, 1))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(difference);
    }

    private static String epoch(Path file) {
        try (var storage = SqliteLogStorage.open(file, 1)) {
            return storage.epoch();
        }
    }

    private List<Path> backups() throws IOException {
        return backups("log.db.schema-");
    }

    private List<Path> backups(String prefix) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(found -> found.getFileName().toString().startsWith(prefix))
                    .toList();
        }
    }

    private static SQLiteDataSource source(Path file) {
        var source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    private static int number(Path file, String sql) throws SQLException {
        try (var connection = source(file).getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private void execute(String sql) throws SQLException {
        FileChecksum.remove(file);
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }
}
