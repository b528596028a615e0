package io.cairn.adapter.sql;

import io.cairn.event.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteOpenMode;

/// The schema of a log's SQLite file.
final class SqliteSchema {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteSchema.class);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final long WHOLE_CHECK_BYTES_MAX = 64L << 20;

    private SqliteSchema() {}

    private static final String LOCATION = "classpath:db/sqlite";

    static void migrate(Path file) {
        migrate(file, LOCATION);
    }

    /// @param readOnly the URL of a file that is only looked at
    static void requireCurrent(Path file, String readOnly) {
        var config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setOpenMode(SQLiteOpenMode.READONLY);
        var source = new SQLiteDataSource(config);
        source.setUrl(readOnly);
        new Migration(source, file.toString(), new String[] {LOCATION}, Migration.HISTORY, "").requireCurrent();
    }

    /// Refuses a file whose structure is not sound, as SQLite sees it: pages and keys in their order, and in a small
    /// file indexes and tables that agree.
    static void requireSound(Path file) {
        if (!Files.exists(file)) {
            return;
        }
        var source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file);
        try (var connection = source.getConnection();
                var statement = connection.createStatement();
                var found = statement.executeQuery("PRAGMA %s(1)".formatted(check(file)))) {
            var finding = found.next() ? found.getString(1) : "no answer";
            if (!finding.equals("ok")) {
                throw new StorageException(
                        StorageException.Kind.DAMAGED,
                        "SQLite found in %s: %s".formatted(file, finding.replace('\n', ' ')),
                        new SQLException(finding));
            }
        } catch (SQLException e) {
            throw SqliteDialect.INSTANCE.failed("look through " + file, e);
        }
    }

    /// Comparing indexes with tables takes some six times as long as going through the pages.
    private static String check(Path file) {
        try {
            return Files.size(file) > WHOLE_CHECK_BYTES_MAX ? "quick_check" : "integrity_check";
        } catch (IOException e) {
            throw new UncheckedIOException("The size of %s cannot be read".formatted(file), e);
        }
    }

    /// A log that exists is backed up beside itself before its schema is changed.
    static void migrate(Path file, String... locations) {
        var source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file);
        new Migration(
                        source,
                        file.toString(),
                        locations,
                        Migration.HISTORY,
                        "The former release still runs on it, and on the backup beside it if one was made")
                .run(version -> backUp(source, file, version));
    }

    private static void backUp(SQLiteDataSource source, Path file, String version) {
        var backup = file.resolveSibling(
                "%s.schema-%s-%s".formatted(file.getFileName(), version, TIME.format(Instant.now())));
        try (var connection = source.getConnection();
                var statement = connection.prepareStatement("VACUUM INTO ?")) {
            statement.setString(1, backup.toString());
            statement.execute();
            flush(backup);
        } catch (SQLException e) {
            throw SqliteDialect.INSTANCE.failed("back up " + file, e);
        }
        LOG.info("{} was backed up as {} before its schema is changed", file, backup.getFileName());
    }

    private static void flush(Path backup) {
        try (var channel = FileChannel.open(backup, StandardOpenOption.WRITE)) {
            channel.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException("The backup %s cannot be flushed".formatted(backup), e);
        }
    }
}
