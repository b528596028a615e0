package io.cairn.adapter.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/// The SQLite file of vectors: its schema, and what to do when it is not sound.
///
/// A small file is checked as a whole at every start. Of a larger one damage is found when it is used; then a note is
/// left beside the file, and the next start sets it aside.
final class VectorFile {
    private static final Logger LOG = LoggerFactory.getLogger(VectorFile.class);
    private static final int SCHEMA_VERSION = 1;
    private static final int PAGE_BYTES = 8192;
    private static final long WHOLE_CHECK_BYTES_MAX = 64L << 20;
    private static final int CORRUPT = 11;
    private static final int NOT_A_DATABASE = 26;

    private VectorFile() {}

    /// Opens a session that writes to a sound file: a damaged one is set aside and made anew.
    static SqlSession openSound(Path file, Statements statements) throws SQLException {
        if (Files.exists(note(file))) {
            setAside(file, "it was found damaged while it was in use");
        }
        try {
            return opened(file, statements);
        } catch (SQLException e) {
            if (!isDamage(e)) {
                throw e;
            }
            setAside(file, String.valueOf(e.getMessage()));
            return opened(file, statements);
        }
    }

    static SqlSession reading(Path file, Statements statements) throws SQLException {
        var config = new SQLiteConfig();
        config.setBusyTimeout(10_000);
        config.setReadOnly(true);
        config.setOpenMode(SQLiteOpenMode.READONLY);
        return new SqlSession(config.createConnection("jdbc:sqlite:" + file), SqliteDialect.INSTANCE, statements);
    }

    static boolean isDamage(@Nullable Throwable failure) {
        return failure instanceof SQLException sql
                && ((sql.getErrorCode() & 0xff) == CORRUPT || (sql.getErrorCode() & 0xff) == NOT_A_DATABASE);
    }

    /// Leaves a note that the file has to be set aside.
    static void remember(Path file) {
        try {
            Files.writeString(note(file), "");
        } catch (IOException e) {
            LOG.warn("No note could be left that {} is damaged: {}", file, e.toString());
        }
    }

    private static SqlSession opened(Path file, Statements statements) throws SQLException {
        var config = new SQLiteConfig();
        config.setBusyTimeout(10_000);
        config.setPageSize(PAGE_BYTES);
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        var session =
                new SqlSession(config.createConnection("jdbc:sqlite:" + file), SqliteDialect.INSTANCE, statements);
        try {
            check(file, session);
            makeSchema(session);
            return session;
        } catch (SQLException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static void check(Path file, SqlSession session) throws SQLException {
        var version = session.first("PRAGMA user_version", row -> row.getInt(1)).orElse(0);
        if (version > SCHEMA_VERSION) {
            throw new SQLException("it was written by a newer release", null, NOT_A_DATABASE);
        }
        if (size(file) > WHOLE_CHECK_BYTES_MAX) {
            return;
        }
        var finding =
                session.first("PRAGMA quick_check(1)", row -> row.getString(1)).orElse("");
        if (!finding.equals("ok")) {
            throw new SQLException(finding, null, CORRUPT);
        }
    }

    private static void makeSchema(SqlSession session) throws SQLException {
        session.update("""
                CREATE TABLE IF NOT EXISTS shelf (
                  id INTEGER PRIMARY KEY AUTOINCREMENT,
                  tenant TEXT NOT NULL,
                  model TEXT NOT NULL,
                  fingerprint TEXT NOT NULL,
                  dimensions INTEGER NOT NULL,
                  normalised INTEGER NOT NULL,
                  sweeps INTEGER NOT NULL DEFAULT 0,
                  UNIQUE (tenant, model, fingerprint, dimensions, normalised))
                """);
        session.update("""
                CREATE TABLE IF NOT EXISTS vector (
                  shelf INTEGER NOT NULL,
                  key BLOB NOT NULL,
                  sweep INTEGER NOT NULL,
                  value BLOB NOT NULL,
                  PRIMARY KEY (shelf, key)) WITHOUT ROWID
                """);
        session.update("PRAGMA user_version = " + SCHEMA_VERSION);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException("The size of %s cannot be read".formatted(file), e);
        }
    }

    private static void setAside(Path file, String reason) {
        var aside = beside(file, ".damaged");
        try {
            for (var suffix : List.of("", "-wal", "-shm")) {
                if (Files.exists(beside(file, suffix))) {
                    Files.move(beside(file, suffix), beside(aside, suffix), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            Files.deleteIfExists(note(file));
        } catch (IOException e) {
            throw new UncheckedIOException("The damaged %s cannot be set aside".formatted(file), e);
        }
        LOG.error(
                "{} is damaged ({}) and was set aside as {}, which may be deleted. Nothing is lost: vectors are computed anew.",
                file,
                reason,
                aside.getFileName());
    }

    private static Path note(Path file) {
        return beside(file, ".set-aside");
    }

    private static Path beside(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }
}
