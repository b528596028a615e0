package io.cairn.adapter.sql;

import io.cairn.event.ReadSet;
import io.cairn.event.StorageException;
import io.cairn.row.Table;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;

/// What differs between the databases; all other SQL is the same for each of them.
interface Dialect {
    void beginReading(SqlSession session) throws SQLException;

    void beginWriting(SqlSession session) throws SQLException;

    /// Begins the transaction that founds a log. Others that want to do so wait for it.
    void beginFounding(SqlSession session) throws SQLException;

    void commit(SqlSession session) throws SQLException;

    /// Commits; what the transaction has not sent yet goes out with it.
    void commit(SqlSession session, Message last) throws SQLException;

    /// Rolls the transaction back; does nothing if the database has already done so by itself.
    void rollBack(SqlSession session) throws SQLException;

    /// The statement that makes an empty table with the columns and the key of another.
    String createLike(SqlSession session, String table, String made) throws SQLException;

    /// The declaration of a column's type. Text is declared so that it is ordered by its bytes.
    String columnType(Table.Type type);

    /// What stands behind the columns in the statement that makes a table.
    String tableOptions();

    /// How many writes are sent together: 1 for a database in this process, where a trip costs nothing.
    int writesAtOnce();

    /// Locks a partition's head against every other writer. A database that is a trip away then answers at once all
    /// that a batch is going to ask.
    void takeHead(
            SqlSession session, int partition, SqlSession.Taker head, Supplier<ReadSet> questions, Prefetched into)
            throws SQLException;

    /// Whether the database is a trip away. If so, many rows are written by one statement with an array for each
    /// column, and several statements go out as one message.
    boolean isAway();

    /// How many questions of one kind are answered at once.
    Lookup lookup();

    /// A query for every column of the schema: table, column, type, and its place in the primary key or 0.
    String columns();

    /// The database's names for one of our types; columns are made with the first of them.
    List<String> types(Table.Type type);

    StorageException failed(String what, SQLException e);

    /// Whether a commit failed because the head was not where it was [presumed][Message#moveHead] to be.
    boolean overtaken(SQLException e);

    /// The failure of a commit, which says whether it certainly did not happen or may have happened.
    StorageException failedToCommit(SQLException e);
}
