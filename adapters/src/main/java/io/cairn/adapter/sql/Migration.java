package io.cairn.adapter.sql;

import io.cairn.event.StorageException;
import io.cairn.event.StorageException.Kind;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.jspecify.annotations.Nullable;

/// Brings a schema to this release's version, or says in one sentence why it cannot.
///
/// @param place where the schema is, as an operator knows it
/// @param locations of the migrations
/// @param history the table that remembers them
/// @param wayBack what to do after a migration that failed, as a sentence
record Migration(DataSource source, String place, String[] locations, String history, String wayBack) {
    static final String HISTORY = "flyway_schema_history";

    /// With its default, a lock of a transaction, Flyway migrates on one connection and notes it on another, and
    /// a process that is killed between the two commits leaves a migration that is done and not noted, at which
    /// each later start fails. With a lock of the session both are one transaction.
    private static final Map<String, String> ONE_TRANSACTION = Map.of("flyway.postgresql.transactional.lock", "false");

    private static final Set<MigrationState> NEWER =
            Set.of(MigrationState.FUTURE_SUCCESS, MigrationState.FUTURE_FAILED);

    /// @param before is given the present version before an existing schema is changed
    void run(Consumer<String> before) {
        try {
            migrate(before);
        } catch (FlywayException e) {
            throw failed("%s could not be brought up to date: %s. %s".formatted(place, reason(e), wayBack), e);
        }
    }

    /// Refuses a schema that this release would change first, for whoever only looks at it.
    void requireCurrent() {
        try {
            var flyway = flyway();
            var info = flyway.info();
            refuseNewer(info.all(), flyway);
            refuseFailed(info.applied());
            var current = info.current();
            if (info.pending().length > 0) {
                throw broken(
                        "%s has schema %s, and this release works with %s: ask the release that wrote it, or start this one on it first, which brings it up to date"
                                .formatted(place, current == null ? "none" : current.getVersion(), known(flyway)),
                        null);
            }
        } catch (FlywayException e) {
            throw failed("The schema of %s cannot be read: %s".formatted(place, firstLine(e)), e);
        }
    }

    private Flyway flyway() {
        return Flyway.configure()
                .configuration(ONE_TRANSACTION)
                .dataSource(source)
                .locations(locations)
                .table(history)
                // Only tables of a log are there before a history that is not the log's own.
                .baselineOnMigrate(!history.equals(HISTORY))
                .baselineVersion("0")
                .ignoreMigrationPatterns(new String[0])
                .loggers("slf4j")
                .load();
    }

    private void migrate(Consumer<String> before) {
        var flyway = flyway();
        var info = flyway.info();
        refuseNewer(info.all(), flyway);
        refuseFailed(info.applied());
        var current = info.current();
        if (current != null && info.pending().length > 0) {
            before.accept(String.valueOf(current.getVersion()));
        }
        if (!isAsThisReleaseMakesIt(info.all())) {
            flyway.migrate();
        }
    }

    /// Then a node that starts neither waits for others nor writes. Whatever is not so is Flyway's to mend or to
    /// refuse.
    private static boolean isAsThisReleaseMakesIt(MigrationInfo[] all) {
        return Arrays.stream(all)
                .allMatch(migration -> migration.getState() == MigrationState.SUCCESS
                        && migration.isChecksumMatching()
                        && migration.isDescriptionMatching()
                        && migration.isTypeMatching());
    }

    private void refuseNewer(MigrationInfo[] all, Flyway flyway) {
        Arrays.stream(all)
                .filter(migration -> NEWER.contains(migration.getState()))
                .reduce((first, second) -> second)
                .ifPresent(migration -> {
                    throw broken(
                            "%s has schema %s of a newer release of Cairn; this release knows schemas up to %s. Start the newer release"
                                    .formatted(place, migration.getVersion(), known(flyway)),
                            null);
                });
    }

    private static String known(Flyway flyway) {
        return Arrays.stream(flyway.info().all())
                .filter(migration -> !NEWER.contains(migration.getState()))
                .reduce((first, second) -> second)
                .map(migration -> String.valueOf(migration.getVersion()))
                .orElse("none");
    }

    private void refuseFailed(MigrationInfo[] applied) {
        Arrays.stream(applied)
                .filter(migration -> migration.getState() == MigrationState.FAILED)
                .findFirst()
                .ifPresent(migration -> {
                    throw broken(
                            "Migration %s of %s failed before and left its schema half done. %s"
                                    .formatted(migration.getVersion(), place, wayBack),
                            null);
                });
    }

    /// A file that is no database any more is told apart from a schema that does not fit.
    private StorageException failed(String sentence, FlywayException e) {
        var damage = Stream.<Throwable>iterate(e, cause -> cause != null, Throwable::getCause)
                .filter(VectorFile::isDamage)
                .findFirst();
        return damage.map(found ->
                        new StorageException(Kind.DAMAGED, "%s is damaged (%s)".formatted(place, firstLine(found)), e))
                .orElseGet(() -> broken(sentence, e));
    }

    private static StorageException broken(String sentence, @Nullable Exception cause) {
        return new StorageException(Kind.BROKEN, sentence, cause == null ? new IllegalStateException() : cause);
    }

    /// Flyway names the script, the database why it would not run.
    private static String reason(FlywayException e) {
        return Stream.<Throwable>iterate(e, cause -> cause != null, Throwable::getCause)
                .filter(SQLException.class::isInstance)
                .findFirst()
                .map(refused -> "%s (%s)".formatted(firstLine(e), firstLine(refused)))
                .orElseGet(() -> firstLine(e));
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage())
                .lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse("");
    }
}
