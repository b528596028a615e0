package io.cairn.adapter.sql;

import io.cairn.event.StorageException;
import io.cairn.event.StorageException.Kind;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// The one thread that writes to a SQLite file of vectors, a transaction at a time.
final class VectorWriter implements AutoCloseable {
    private final Path file;
    private final SqlSession session;
    private final Statements statements;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("cairn-vectors-writer").daemon(true).factory());

    VectorWriter(Path file, SqlSession session, Statements statements) {
        this.statements = statements;
        this.file = file;
        this.session = session;
    }

    /// What one transaction does.
    @FunctionalInterface
    interface Work<T> {
        T on(SqlSession session) throws SQLException;
    }

    /// Does work in a transaction, and waits until it is committed.
    <T> T written(Work<T> work) {
        try {
            var operation = statements.current("a write to the vectors");
            return thread.submit(() -> transaction(work, operation)).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException(Kind.BUSY, "Interrupted while writing vectors", e);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    private RuntimeException failure(@Nullable Throwable cause) {
        if (cause instanceof SQLException sql) {
            return SqliteDialect.INSTANCE.failed("write to " + file, sql);
        }
        return cause instanceof RuntimeException failure
                ? failure
                : new IllegalStateException("The writer of vectors failed", cause);
    }

    private <T> T transaction(Work<T> work, Counting operation) throws SQLException {
        session.begin(operation);
        try {
            return transaction(work);
        } finally {
            session.done();
        }
    }

    private <T> T transaction(Work<T> work) throws SQLException {
        var dialect = session.dialect();
        dialect.beginWriting(session);
        try {
            T result = work.on(session);
            dialect.commit(session);
            return result;
        } catch (SQLException | RuntimeException e) {
            try {
                dialect.rollBack(session);
            } catch (SQLException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    @Override
    public void close() {
        thread.close();
        try {
            session.close();
        } catch (SQLException e) {
            throw SqliteDialect.INSTANCE.failed("close " + file, e);
        }
    }
}
