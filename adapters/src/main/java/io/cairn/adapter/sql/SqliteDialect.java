package io.cairn.adapter.sql;

import io.cairn.event.ReadSet;
import io.cairn.event.StorageException;
import io.cairn.event.StorageException.Kind;
import io.cairn.row.Table;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;

/// SQLite. Transactions begin and end by statements, and one connection writes; error codes are explained in its
/// documentation.
final class SqliteDialect implements Dialect {
    static final SqliteDialect INSTANCE = new SqliteDialect();

    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int IO_ERROR = 10;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int NOT_A_DATABASE = 26;

    private final Lookup lookup = new SqliteLookup();

    private SqliteDialect() {}

    @Override
    public void beginReading(SqlSession session) throws SQLException {
        session.turn("BEGIN");
    }

    /// Begins as a writer: a transaction that reads first and writes later may fail at once, whatever the timeout.
    @Override
    public void beginWriting(SqlSession session) throws SQLException {
        session.turn("BEGIN IMMEDIATE");
    }

    @Override
    public void beginFounding(SqlSession session) throws SQLException {
        beginWriting(session);
    }

    @Override
    public void commit(SqlSession session) throws SQLException {
        session.turn("COMMIT");
    }

    @Override
    public void commit(SqlSession session, Message last) throws SQLException {
        session.update(last);
        commit(session);
    }

    @Override
    public void rollBack(SqlSession session) throws SQLException {
        try {
            session.turn("ROLLBACK");
        } catch (SQLException e) {
            // SQLite rolls back by itself on some failures; then there is no transaction left to end.
            if (!String.valueOf(e.getMessage()).contains("no transaction is active")) {
                throw e;
            }
        }
    }

    /// Copies the statement by which the other table was made, which SQLite keeps.
    @Override
    public String createLike(SqlSession session, String table, String made) throws SQLException {
        var statement = session.first(
                        "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?",
                        row -> row.getString(1),
                        table)
                .orElseThrow(() -> new IllegalStateException("There is no table " + table));
        return "CREATE TABLE " + made + " " + statement.substring(statement.indexOf('('));
    }

    @Override
    public String columnType(Table.Type type) {
        return types(type).getFirst();
    }

    @Override
    public String tableOptions() {
        return " WITHOUT ROWID";
    }

    @Override
    public int writesAtOnce() {
        return 1;
    }

    /// Fetches nothing ahead, since a question costs microseconds.
    @Override
    public void takeHead(
            SqlSession session, int partition, SqlSession.Taker head, Supplier<ReadSet> questions, Prefetched into)
            throws SQLException {
        session.ask(Message.of(SqlSnapshot.HEAD, partition), List.of(head));
    }

    @Override
    public boolean isAway() {
        return false;
    }

    @Override
    public Lookup lookup() {
        return lookup;
    }

    @Override
    public String columns() {
        return """
            SELECT made.name, found.name, found.type, found.pk
            FROM sqlite_schema made JOIN pragma_table_info(made.name) found
            WHERE made.type = 'table'
            """;
    }

    @Override
    public List<String> types(Table.Type type) {
        return switch (type) {
            case TEXT -> List.of("text");
            case NUMBER -> List.of("integer");
            case BYTES -> List.of("blob");
        };
    }

    @Override
    public StorageException failed(String what, SQLException e) {
        return new StorageException(
                switch (e.getErrorCode() & 0xff) {
                    case BUSY, LOCKED -> Kind.BUSY;
                    case FULL -> Kind.FULL;
                    case CORRUPT, NOT_A_DATABASE -> Kind.DAMAGED;
                    default -> Kind.BROKEN;
                },
                "SQLite could not %s: %s".formatted(what, e.getMessage()),
                e);
    }

    /// Nobody presumes a head, since looking at it costs nothing.
    @Override
    public boolean overtaken(SQLException e) {
        return false;
    }

    /// An I/O error at a commit leaves it in doubt: it may strike after the commit record was written.
    @Override
    public StorageException failedToCommit(SQLException e) {
        return (e.getErrorCode() & 0xff) == IO_ERROR
                ? new StorageException(Kind.UNKNOWN, "SQLite may or may not have committed: " + e.getMessage(), e)
                : failed("commit", e);
    }
}
