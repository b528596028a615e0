package io.cairn.adapter.sql;

import io.cairn.event.StorageException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Platform threads that read, as many as there are read-only sessions.
final class ReaderThreads implements AutoCloseable {
    private static final Duration WAIT_MAX = Duration.ofSeconds(30);

    /// Work on a session.
    @FunctionalInterface
    interface Work<T> {
        T on(SqlSession session) throws SQLException;
    }

    /// Opens a session.
    @FunctionalInterface
    interface Opening {
        SqlSession open() throws SQLException;
    }

    private final ExecutorService threads;
    private final BlockingQueue<SqlSession> idle;
    private final List<SqlSession> all;
    private final Statements statements;

    private ReaderThreads(ExecutorService threads, List<SqlSession> sessions, Statements statements) {
        this.threads = threads;
        this.statements = statements;
        this.all = List.copyOf(sessions);
        this.idle = new ArrayBlockingQueue<>(sessions.size(), false, sessions);
    }

    static ReaderThreads start(int count, Statements statements, Opening opening) throws SQLException {
        var sessions = new ArrayList<SqlSession>();
        try {
            for (int i = 0; i < count; i++) {
                sessions.add(opening.open());
            }
        } catch (SQLException e) {
            close(sessions);
            throw e;
        }
        var threads = Executors.newFixedThreadPool(
                count, Thread.ofPlatform().name("cairn-reader-", 0).daemon(true).factory());
        return new ReaderThreads(threads, sessions, statements);
    }

    <T> T run(Work<T> work) {
        try {
            var operation = statements.current("a read");
            return threads.submit(() -> onIdle(work, operation)).get(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException(StorageException.Kind.BUSY, "Interrupted while reading", e);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new StorageException(
                    StorageException.Kind.BUSY, "No reader answered within %s".formatted(WAIT_MAX), e);
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        }
    }

    private <T> T onIdle(Work<T> work, Counting operation) throws SQLException, InterruptedException {
        var session = idle.take();
        session.begin(operation);
        try {
            return work.on(session);
        } finally {
            session.done();
            idle.add(session);
        }
    }

    private static RuntimeException rethrown(@org.jspecify.annotations.Nullable Throwable failure) {
        return switch (failure) {
            case SQLException sql -> SqliteDialect.INSTANCE.failed("read", sql);
            case RuntimeException runtime -> runtime;
            case null, default -> new IllegalStateException("A reader failed", failure);
        };
    }

    @Override
    public void close() {
        threads.close();
        close(all);
    }

    private static void close(List<SqlSession> sessions) {
        for (var session : sessions) {
            try {
                session.close();
            } catch (SQLException e) {
                throw SqliteDialect.INSTANCE.failed("close a reader", e);
            }
        }
    }
}
