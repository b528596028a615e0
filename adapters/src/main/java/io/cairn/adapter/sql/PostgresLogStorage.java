package io.cairn.adapter.sql;

import io.cairn.event.EventLog;
import io.cairn.event.Head;
import io.cairn.event.LogStorage;
import io.cairn.event.ReadSet;
import io.cairn.event.ReadSnapshot;
import io.cairn.event.StorageException;
import io.cairn.event.StorageException.Kind;
import io.cairn.event.WriteTransaction;
import io.cairn.row.Table;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// A log in a PostgreSQL database, which several nodes may share.
///
/// Whoever writes to a partition locks its head row, so positions have no gap and follow the order of commits.
/// Readers see the log as of one moment and never wait for a writer.
public final class PostgresLogStorage implements LogStorage {
    private final Statements statements;
    private final PostgresPool readers;
    private final PostgresPool writers;
    private final LogIdentity identity;
    private final FirstStatistics statistics = new FirstStatistics();

    private PostgresLogStorage(
            Statements statements, PostgresPool readers, PostgresPool writers, LogIdentity identity) {
        this.statements = statements;
        this.readers = readers;
        this.writers = writers;
        this.identity = identity;
    }

    /// Opens a log that keeps no other tables than its own, and counts nothing.
    public static PostgresLogStorage open(PostgresSettings settings) {
        return open(settings, EventLog.tables(), new CompositeMeterRegistry(), Statements.uncounted());
    }

    /// Connects, brings the schema up to date, and founds a log if there is none.
    ///
    /// @param tables that are there besides the log's
    /// @param meters get the metrics of the pools
    public static PostgresLogStorage open(
            PostgresSettings settings, List<Table> tables, MeterRegistry meters, Statements statements) {
        var address = PostgresAddress.of(settings);
        PostgresSchema.migrate(address);
        return connected(address, settings, tables, meters, statements);
    }

    private static PostgresLogStorage connected(
            PostgresAddress address,
            PostgresSettings settings,
            List<Table> tables,
            MeterRegistry meters,
            Statements statements) {
        var writers = PostgresPool.writing(address, settings, meters, statements);
        try {
            var identity = identity(writers, settings, tables);
            var readers = PostgresPool.reading(address, settings, meters, statements);
            return new PostgresLogStorage(statements, readers, writers, identity);
        } catch (RuntimeException e) {
            writers.close();
            throw e;
        }
    }

    /// Opens a log that is there: none is founded just to be looked at.
    public static PostgresLogStorage existing(PostgresSettings settings, List<Table> tables, MeterRegistry meters) {
        PostgresSchema.requireLog(PostgresAddress.of(settings));
        return open(settings, tables, meters, Statements.uncounted());
    }

    /// Opens a log only to look at it: nothing is founded and no schema is changed.
    ///
    /// @throws StorageException if its schema is not the one that this release works with
    public static PostgresLogStorage unchanged(PostgresSettings settings, List<Table> tables, MeterRegistry meters) {
        var address = PostgresAddress.of(settings);
        PostgresSchema.requireLog(address);
        PostgresSchema.requireCurrent(address);
        return connected(address, settings, tables, meters, Statements.uncounted());
    }

    private static LogIdentity identity(PostgresPool writers, PostgresSettings settings, List<Table> tables) {
        try (var session = writers.borrow()) {
            SchemaCheck.require(session, settings.toString(), tables);
            session.dialect().commit(session);
            var identity = LogIdentity.of(session, settings.partitions());
            if (identity.partitions() != settings.partitions()) {
                throw new StorageException(
                        Kind.BROKEN,
                        "The log of %s was founded with %d partitions and keeps them; the settings say %d"
                                .formatted(settings, identity.partitions(), settings.partitions()),
                        new IllegalStateException());
            }
            return identity;
        } catch (SQLException e) {
            throw PostgresDialect.INSTANCE.failed("open the log", e);
        }
    }

    @Override
    public String epoch() {
        return identity.epoch();
    }

    @Override
    public int partitions() {
        return identity.partitions();
    }

    @Override
    public boolean shared() {
        return true;
    }

    @Override
    public <T, X extends Exception> T operation(Supplier<String> name, int items, Operation<T, X> work) throws X {
        return statements.operation(name, items, work);
    }

    @Override
    public WriteTransaction write(int partition, Supplier<ReadSet> readSet) {
        var session = reached(() -> writers.borrowAlone("a writing transaction"));
        return SqlWriting.begin(session, identity.epoch(), partition, readSet, ending(session));
    }

    @Override
    public boolean presumes() {
        return true;
    }

    @Override
    public WriteTransaction writeFrom(Head presumed) {
        var session = reached(() -> writers.borrowAlone("a transaction that presumes its head"));
        return SqlWriting.from(session, presumed, ending(session));
    }

    private SqlWriting.Ending ending(SqlSession session) {
        return position -> {
            try (session) {
                statistics.reached(session, position);
            }
        };
    }

    @Override
    public WriteTransaction writeAll() {
        var session = reached(() -> writers.borrowAlone("a transaction that writes everywhere"));
        session.more(identity.partitions());
        return SqlWriting.beginAll(session, identity.epoch(), identity.partitions(), position -> session.close());
    }

    @Override
    public <T> T read(Function<ReadSnapshot, T> work) {
        try (var session = reached(() -> readers.borrow("a read"))) {
            session.dialect().beginReading(session);
            try {
                return work.apply(new SqlSnapshot(session, identity.epoch()));
            } finally {
                session.dialect().rollBack(session);
            }
        } catch (SQLException e) {
            throw PostgresDialect.INSTANCE.failed("read", e);
        }
    }

    private static SqlSession reached(SqlSnapshot.Work<SqlSession> borrowing) {
        try {
            return borrowing.run();
        } catch (SQLException e) {
            throw PostgresDialect.INSTANCE.failed("be reached", e);
        }
    }

    @Override
    public void close() {
        readers.close();
        writers.close();
    }
}
