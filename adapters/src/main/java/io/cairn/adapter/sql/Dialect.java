package io.cairn.adapter.sql;

import io.cairn.event.ReadSet;
import io.cairn.event.StorageException;
import io.cairn.row.Table;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;

/// What the databases do not have in common. Everything else is the same SQL on each of them.
interface Dialect {
    void beginReading(SqlSession session) throws SQLException;

    void beginWriting(SqlSession session) throws SQLException;

    /// Begins a transaction that founds a log: no other one does so beside it.
    void beginFounding(SqlSession session) throws SQLException;

    void commit(SqlSession session) throws SQLException;

    /// Commits behind the last statements of the transaction.
    void commit(SqlSession session, Message last) throws SQLException;

    /// Ends the transaction without a trace; does nothing if the database has already done so by itself.
    void rollBack(SqlSession session) throws SQLException;

    /// The statement that makes an empty table with the columns and the key of another.
    String createLike(SqlSession session, String table, String made) throws SQLException;

    /// How a column of a table that Cairn describes is declared: text in an order by its bytes.
    String columnType(Table.Type type);

    /// What is said behind a table's columns.
    String tableOptions();

    /// How many writes are sent together; 1 where the database is in this process and there is nothing to
    /// wait for.
    int writesAtOnce();

    /// Takes a partition's head against every other writer, and then looks up what a batch is going to ask, where
    /// asking one by one would take long.
    void takeHead(SqlSession session, int partition, SqlSession.Taker head, Supplier<ReadSet> questions, Foreseen into)
            throws SQLException;

    /// Whether the database is a trip away: the same statement for many rows goes out as one, with an array for each
    /// column, and several statements as one message.
    boolean isAway();

    /// How questions are asked together.
    Lookup lookup();

    /// A query for every column of the schema: table, column, type, and its place in the primary key or 0.
    String columns();

    /// What the database calls a type of ours; the first is the one that we choose.
    List<String> types(Table.Type type);

    StorageException failed(String what, SQLException e);

    /// Whether a commit failed since the head was not as [presumed][Message#moveHead].
    boolean overtaken(SQLException e);

    /// Tells commits that certainly failed from those that may have happened.
    StorageException failedToCommit(SQLException e);
}
