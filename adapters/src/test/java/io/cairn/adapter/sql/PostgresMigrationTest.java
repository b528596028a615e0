package io.cairn.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.StorageException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

/// How a log's database gets from one release to the next, and what is refused.
class PostgresMigrationTest {
    private static final String OURS = "classpath:db/postgres";

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @BeforeEach
    void makeLog() {
        PostgresLogStorage.open(DATABASE.bare().settings()).close();
    }

    @Test
    void aSchemaOfANewerReleaseIsRefused() {
        migrate("classpath:db/more/postgres");

        assertThatThrownBy(this::open)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("has schema 1000 of a newer release of Cairn");
    }

    @Test
    void aLogOfTheFirstSchemaComesThroughWithItsData() {
        var settings = DATABASE.bare().settings().withPartitions(1);
        var source = new PGSimpleDataSource();
        source.setURL(settings.url());
        source.setUser(settings.user());
        source.setPassword(settings.password());
        FirstSchema.make(source, OURS, rows -> rows.replaceAll("X'([0-9a-f]*)'", "'\\\\x$1'::bytea"));

        FirstSchemaFacts.holdOn(PostgresLogStorage.open(settings));
    }

    @Test
    void aMigrationThatFailsChangesNothingAndSaysSoInOneSentence() {
        assertThatThrownBy(() -> migrate("classpath:db/more/broken"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("could not be brought up to date")
                .hasMessageContaining("The former release still runs on it");

        assertThat(DATABASE.number("SELECT count(*) FROM pg_class WHERE relname = 'added'"))
                .isZero();
        open();
    }

    /// As where the process is killed once the migration is committed: the trigger refuses the note at its commit.
    @Test
    void aMigrationIsCommittedWithTheNoteOfIt() {
        DATABASE.execute("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN RAISE EXCEPTION 'the process was killed'; END $$");
        DATABASE.execute("CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON flyway_schema_history"
                + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()");

        assertThatThrownBy(() -> migrate("classpath:db/more/postgres"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("the process was killed");

        DATABASE.execute("DROP TRIGGER refuse ON flyway_schema_history; DROP FUNCTION refuse()");
        migrate("classpath:db/more/postgres");
        assertThat(DATABASE.number("SELECT count(*) FROM added")).isZero();
    }

    /// An ordinary role may not make restore points; its schema is migrated all the same, and the log says
    /// so.
    @Test
    void aRoleThatOwnsItsDatabaseNeedsNoOtherRight() {
        DATABASE.execute("DROP ROLE IF EXISTS cairn_plain");
        DATABASE.execute("CREATE ROLE cairn_plain LOGIN PASSWORD 'plain'");
        try {
            DATABASE.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION cairn_plain");
            var plain = PostgresSettings.of(DATABASE.url(), "cairn_plain", "plain");
            PostgresLogStorage.open(plain).close();

            PostgresSchema.migrate(PostgresAddress.of(plain), OURS, "classpath:db/more/postgres");

            assertThat(DATABASE.number("SELECT count(*) FROM added")).isZero();
        } finally {
            DATABASE.execute(
                    "DROP OWNED BY cairn_plain CASCADE; DROP ROLE cairn_plain; CREATE SCHEMA IF NOT EXISTS public");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DROP TABLE blob | there is no table blob",
                "ALTER TABLE blob DROP COLUMN sealed | blob.sealed is missing",
                "ALTER TABLE event ADD COLUMN note TEXT | event.note is unknown",
                "ALTER TABLE blob ALTER COLUMN subject TYPE varchar(10) | blob.subject is character varying",
                "ALTER TABLE subject_key DROP CONSTRAINT subject_key_pkey | subject_key.tenant is not part 1",
            })
    void aSchemaThatWasChangedByHandIsRefused(String change, String difference) {
        DATABASE.execute(change);

        assertThatThrownBy(this::open).isInstanceOf(StorageException.class).hasMessageContaining(difference);
    }

    @Test
    void aServerThatIsNotDurableIsRefused() {
        DATABASE.execute("ALTER DATABASE %s SET synchronous_commit = off".formatted(DATABASE.name()));
        try {
            assertThatThrownBy(this::open)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("synchronous_commit off");
        } finally {
            DATABASE.execute("ALTER DATABASE %s RESET synchronous_commit".formatted(DATABASE.name()));
        }
    }

    private void open() {
        PostgresLogStorage.open(DATABASE.settings()).close();
    }

    private static void migrate(String more) {
        PostgresSchema.migrate(PostgresAddress.of(DATABASE.settings()), OURS, more);
    }
}
