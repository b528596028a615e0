package io.cairn.adapter.sql;

import io.cairn.event.StorageException;
import java.nio.BufferUnderflowException;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A connection with the statements that were prepared on it; used by one thread at a time.
final class SqlSession implements AutoCloseable {
    /// Makes an object of the current row.
    @FunctionalInterface
    interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /// How many rows are fetched at once where they may be large.
    private static final int ROWS_PER_FETCH = 250;

    private final Connection connection;
    private final Dialect dialect;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    private final Statements statements;
    private Counting counting = Counting.NONE;

    SqlSession(Connection connection, Dialect dialect, Statements statements) {
        this.connection = connection;
        this.dialect = dialect;
        this.statements = statements;
    }

    /// Works for an operation until it is [done][#done()].
    void begin(Counting operation) {
        counting = operation;
    }

    void done() {
        counting.close();
        counting = Counting.NONE;
    }

    /// Says that the session's operation works on more items than it was begun with.
    void more(int items) {
        counting.more(items);
    }

    /// Begins or ends a transaction; that is not counted as a statement.
    void turn(String sql) throws SQLException {
        guarded(sql, () -> bound(sql).executeUpdate());
    }

    Dialect dialect() {
        return dialect;
    }

    Connection connection() {
        return connection;
    }

    int update(String sql, Object... arguments) throws SQLException {
        return counted(sql, () -> bound(sql, arguments).executeUpdate());
    }

    int update(Message message) throws SQLException {
        return update(message.sql(), message.arguments().toArray());
    }

    /// Takes in the rows that answer one of several questions.
    @FunctionalInterface
    interface Taker {
        void take(ResultSet row) throws SQLException;
    }

    /// Sends several questions in one message. They are answered one after another, each as of the moment it begins.
    ///
    /// @param takers one for each question, in their order
    void ask(Message questions, List<Taker> takers) throws SQLException {
        counted(questions.sql(), () -> {
            var statement = bound(questions.sql(), questions.arguments().toArray());
            boolean more = statement.execute();
            for (var taker : takers) {
                if (!more) {
                    throw new SQLException("There are fewer answers than questions");
                }
                try (var rows = statement.getResultSet()) {
                    while (rows.next()) {
                        taker.take(rows);
                    }
                }
                more = statement.getMoreResults();
            }
            return takers;
        });
    }

    /// The same statement for several rows, sent together.
    void updateAll(String sql, List<Object[]> rows) throws SQLException {
        if (rows.size() == 1) {
            update(sql, rows.getFirst());
            return;
        }
        counted(sql, () -> {
            for (var arguments : rows) {
                bound(sql, arguments).addBatch();
            }
            return executed(bound(sql));
        });
    }

    /// Carries a batch out. If it fails, what the server said is thrown: the driver's own message repeats the
    /// statement with its values, which do not belong in a log.
    private static int[] executed(PreparedStatement batch) throws SQLException {
        try {
            return batch.executeBatch();
        } catch (BatchUpdateException e) {
            throw e.getNextException() == null ? e : e.getNextException();
        }
    }

    <T> List<T> list(String sql, Reader<T> reader, Object... arguments) throws SQLException {
        return list(Long.MAX_VALUE, row -> 0, sql, reader, arguments);
    }

    /// Reads rows until their weights exceed the maximum.
    <T> List<T> list(long weightMax, Reader<Integer> weigher, String sql, Reader<T> reader, Object... arguments)
            throws SQLException {
        return counted(sql, () -> {
            var found = new ArrayList<T>();
            long weight = 0;
            var statement = bound(sql, arguments);
            statement.setFetchSize(weightMax == Long.MAX_VALUE ? 0 : ROWS_PER_FETCH);
            try (var rows = statement.executeQuery()) {
                while (weight <= weightMax && rows.next()) {
                    found.add(made(reader, rows));
                    weight += weigher.read(rows);
                }
            }
            return found;
        });
    }

    /// Makes an object of a row that answers one of several questions.
    @FunctionalInterface
    interface AnswerReader<T> {
        T read(int question, ResultSet row) throws SQLException;
    }

    /// Asks the same question for several things one by one, where the database is in this process and that costs
    /// nothing.
    <T> List<T> listAll(String sql, AnswerReader<T> reader, List<Object[]> questions) throws SQLException {
        return counted(sql, () -> {
            var found = new ArrayList<T>();
            for (int question = 0; question < questions.size(); question++) {
                try (var rows = bound(sql, questions.get(question)).executeQuery()) {
                    while (rows.next()) {
                        int asked = question;
                        found.add(made(row -> reader.read(asked, row), rows));
                    }
                }
            }
            return found;
        });
    }

    <T> Optional<T> first(String sql, Reader<T> reader, Object... arguments) throws SQLException {
        return counted(sql, () -> {
            try (var rows = bound(sql, arguments).executeQuery()) {
                return rows.next() ? Optional.of(made(reader, rows)) : Optional.empty();
            }
        });
    }

    /// Makes an object of a row; if that fails, the row was not written by Cairn.
    private static <T> T made(Reader<T> reader, ResultSet row) throws SQLException {
        try {
            return reader.read(row);
        } catch (IllegalArgumentException
                | IndexOutOfBoundsException
                | BufferUnderflowException
                | NullPointerException e) {
            throw new StorageException(
                    StorageException.Kind.DAMAGED, "A row is not as it was written: " + e.getMessage(), e);
        }
    }

    private interface Work<T> {
        T run() throws SQLException;
    }

    private <T> T counted(String sql, Work<T> work) throws SQLException {
        statements.sent(sql);
        counting.sent(sql);
        return guarded(sql, work);
    }

    /// Carries out work. A statement that fails in it is forgotten, since the driver has closed it.
    private <T> T guarded(String sql, Work<T> work) throws SQLException {
        try {
            return work.run();
        } catch (SQLException e) {
            var failed = prepared.remove(sql);
            if (failed != null) {
                close(failed, e);
            }
            throw e;
        }
    }

    private static void close(PreparedStatement failed, SQLException cause) {
        try {
            failed.close();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private PreparedStatement bound(String sql, Object... arguments) throws SQLException {
        var statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (int i = 0; i < arguments.length; i++) {
            statement.setObject(i + 1, arguments[i]);
        }
        return statement;
    }

    @Override
    public void close() throws SQLException {
        done();
        try (connection) {
            for (var statement : prepared.values()) {
                statement.close();
            }
        }
    }
}
