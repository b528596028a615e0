package io.cairn.adapter.sql;

import io.cairn.event.EventLog;
import io.cairn.event.LogStorage;
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

/// A log in a PostgreSQL database, which several nodes may share.
///
/// Nodes compete for a partition's head row, so positions come without a gap and in the order of commits
/// whoever writes. Readers see one state of the log and never wait for a writer.
public final class PostgresLogStorage implements LogStorage {
    private final PostgresPool readers;
    private final PostgresPool writers;
    private final LogIdentity identity;

    private PostgresLogStorage(PostgresPool readers, PostgresPool writers, LogIdentity identity) {
        this.readers = readers;
        this.writers = writers;
        this.identity = identity;
    }

    /// Opens a log that keeps no other tables than its own.
    public static PostgresLogStorage open(PostgresSettings settings) {
        return open(settings, EventLog.tables(), new CompositeMeterRegistry());
    }

    /// Connects, brings the schema up to date, and founds a log if there is none.
    ///
    /// @param tables that are there besides the log's
    /// @param meters are told about the pools
    public static PostgresLogStorage open(PostgresSettings settings, List<Table> tables, MeterRegistry meters) {
        var address = PostgresAddress.of(settings);
        PostgresSchema.migrate(address);
        var writers = PostgresPool.writing(address, settings, meters);
        try {
            var identity = identity(writers, settings, tables);
            return new PostgresLogStorage(PostgresPool.reading(address, settings, meters), writers, identity);
        } catch (RuntimeException e) {
            writers.close();
            throw e;
        }
    }

    /// Opens a log that is there: none is founded just to be looked at.
    public static PostgresLogStorage existing(PostgresSettings settings, List<Table> tables, MeterRegistry meters) {
        PostgresSchema.requireLog(PostgresAddress.of(settings));
        return open(settings, tables, meters);
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
    public WriteTransaction write(int partition) {
        var session = borrow(writers);
        return SqlWriting.begin(session, identity.epoch(), partition, session::close);
    }

    @Override
    public WriteTransaction writeAll() {
        var session = borrow(writers);
        return SqlWriting.beginAll(session, identity.epoch(), identity.partitions(), session::close);
    }

    @Override
    public <T> T read(Function<ReadSnapshot, T> work) {
        try (var session = borrow(readers)) {
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

    private static SqlSession borrow(PostgresPool pool) {
        try {
            return pool.borrow();
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
