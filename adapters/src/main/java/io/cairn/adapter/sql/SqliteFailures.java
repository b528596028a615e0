package io.cairn.adapter.sql;

import io.cairn.event.StorageException;
import io.cairn.event.StorageException.Kind;
import java.sql.SQLException;

/// What SQLite's errors mean to us; the codes are those of its documentation.
final class SqliteFailures {
    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int IO_ERROR = 10;
    private static final int FULL = 13;

    private SqliteFailures() {}

    static StorageException translated(String what, SQLException e) {
        return new StorageException(
                switch (e.getErrorCode() & 0xff) {
                    case BUSY, LOCKED -> Kind.BUSY;
                    case FULL -> Kind.FULL;
                    default -> Kind.BROKEN;
                },
                "SQLite could not %s: %s".formatted(what, e.getMessage()),
                e);
    }

    /// At a commit an I/O error may strike after the commit record was written.
    static StorageException atCommit(SQLException e) {
        return (e.getErrorCode() & 0xff) == IO_ERROR
                ? new StorageException(Kind.UNKNOWN, "SQLite may or may not have committed: " + e.getMessage(), e)
                : translated("commit", e);
    }
}
