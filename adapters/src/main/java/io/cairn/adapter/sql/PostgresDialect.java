package io.cairn.adapter.sql;

import io.cairn.event.ReadSet;
import io.cairn.event.StorageException;
import io.cairn.event.StorageException.Kind;
import io.cairn.row.Table;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// PostgreSQL. Its driver begins a transaction with the first statement; error codes are explained in its
/// documentation, appendix A.
final class PostgresDialect implements Dialect {
    static final PostgresDialect INSTANCE = new PostgresDialect();

    private static final Message COMMIT = new Message("COMMIT", List.of());

    /// The codes of a head that was not as presumed: its position became null, or another writer has used a position or
    /// an id.
    private static final Set<String> OVERTAKEN = Set.of("23502", "23505");

    private static final String DISK_FULL = "53100";

    /// The codes of damaged data and indexes.
    private static final Set<String> DAMAGED = Set.of("XX001", "XX002");

    /// The codes of a server that stops, starts, or was told to end this connection.
    private static final Set<String> SHUTDOWN = Set.of("57P01", "57P02", "57P03", "57P05");

    /// The codes of what may succeed next time: lock not available, cancelled by a time limit, serialization failure,
    /// deadlock, transaction timed out, and a server that only reads because another has taken over.
    private static final Set<String> PASSING = Set.of("55P03", "57014", "40001", "40P01", "25P03", "25P04", "25006");

    private static final String CONNECTION = "08";
    private static final String NO_RESOURCES = "53";
    private static final String COMPLETION_UNKNOWN = "40003";

    private final PostgresLookup lookup = new PostgresLookup();

    private PostgresDialect() {}

    @Override
    public void beginReading(SqlSession session) {
        // with the first statement
    }

    @Override
    public void beginWriting(SqlSession session) {
        // with the first statement
    }

    @Override
    public void beginFounding(SqlSession session) throws SQLException {
        session.update("LOCK TABLE log_identity IN EXCLUSIVE MODE");
    }

    @Override
    public void commit(SqlSession session) throws SQLException {
        session.connection().commit();
    }

    /// Goes to the server in the same trip.
    @Override
    public void commit(SqlSession session, Message last) throws SQLException {
        session.update(Message.joined(List.of(last, COMMIT)));
    }

    /// Does nothing on a connection that is gone: the server rolls back by itself, and the pool has closed it.
    @Override
    public void rollBack(SqlSession session) throws SQLException {
        try {
            if (!session.connection().isClosed()) {
                session.connection().rollback();
            }
        } catch (SQLException e) {
            if (!connectionLost(e)) {
                throw e;
            }
        }
    }

    @Override
    public String createLike(SqlSession session, String table, String made) {
        return "CREATE TABLE %s (LIKE %s INCLUDING ALL)".formatted(made, table);
    }

    @Override
    public String columnType(Table.Type type) {
        var named = types(type).getFirst();
        return type == Table.Type.TEXT ? named + " COLLATE \"C\"" : named;
    }

    /// Leaves room in each page, since rows of projections are changed in place again and again.
    @Override
    public String tableOptions() {
        return " WITH (fillfactor = 80)";
    }

    @Override
    public int writesAtOnce() {
        return 500;
    }

    @Override
    public void takeHead(
            SqlSession session, int partition, SqlSession.Taker head, Supplier<ReadSet> questions, Prefetched into)
            throws SQLException {
        var message = new PostgresLookup.Asked();
        message.add(head, SqlSnapshot.HEAD + " FOR UPDATE", partition);
        into.lookUp(questions.get(), lookup, session, message);
        message.send(session);
    }

    @Override
    public boolean isAway() {
        return true;
    }

    @Override
    public Lookup lookup() {
        return lookup;
    }

    @Override
    public String columns() {
        return """
            SELECT made.relname, found.attname, format_type(found.atttypid, NULL),
                   coalesce(array_position(keyed.indkey::smallint[], found.attnum) + 1, 0)
            FROM pg_class made
            JOIN pg_attribute found ON found.attrelid = made.oid AND found.attnum > 0 AND NOT found.attisdropped
            LEFT JOIN pg_index keyed ON keyed.indrelid = made.oid AND keyed.indisprimary
            WHERE made.relnamespace = current_schema()::regnamespace AND made.relkind = 'r'
            """;
    }

    @Override
    public List<String> types(Table.Type type) {
        return switch (type) {
            case TEXT -> List.of("text");
            case NUMBER -> List.of("bigint", "integer");
            case BYTES -> List.of("bytea");
        };
    }

    @Override
    public StorageException failed(String what, SQLException e) {
        return new StorageException(kind(e), "PostgreSQL could not %s: %s".formatted(what, e.getMessage()), e);
    }

    @Override
    public boolean overtaken(SQLException e) {
        return OVERTAKEN.contains(state(e));
    }

    @Override
    public StorageException failedToCommit(SQLException e) {
        return connectionLost(e) || state(e).equals(COMPLETION_UNKNOWN)
                ? new StorageException(Kind.UNKNOWN, "PostgreSQL may or may not have committed: " + e.getMessage(), e)
                : failed("commit", e);
    }

    private static Kind kind(SQLException e) {
        var state = state(e);
        if (state.equals(DISK_FULL)) {
            return Kind.FULL;
        }
        if (DAMAGED.contains(state)) {
            return Kind.DAMAGED;
        }
        boolean passes = e instanceof SQLTransientConnectionException
                || connectionLost(e)
                || PASSING.contains(state)
                || state.startsWith(NO_RESOURCES);
        return passes ? Kind.BUSY : Kind.BROKEN;
    }

    private static boolean connectionLost(SQLException e) {
        return state(e).startsWith(CONNECTION) || SHUTDOWN.contains(state(e));
    }

    private static String state(SQLException e) {
        var state = e.getSQLState();
        return state == null ? "" : state;
    }
}
