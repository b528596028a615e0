package io.cairn.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The bare loop: one thread claims a batch, commits, does it, removes it and commits. It knows no tenants, keys,
/// leases or seals.
final class BareTasks implements TaskBench.Worker {
    private static final String CLAIM = """
        UPDATE job SET picked = true WHERE id IN (
            SELECT id FROM job WHERE NOT picked ORDER BY id FOR UPDATE SKIP LOCKED LIMIT ?) RETURNING id, at\
        """;

    private final PostgresServer server;
    private final Connection enqueuing;
    private final int bound;
    private final Semaphore done = new Semaphore(0);
    private final ConcurrentLinkedQueue<Long> waits = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean running = new AtomicBoolean(true);
    private @Nullable Thread thread;

    private BareTasks(PostgresServer server, Connection enqueuing, int bound) {
        this.server = server;
        this.enqueuing = enqueuing;
        this.bound = bound;
    }

    static TaskBench.Worker open(PostgresServer server, int bound) throws SQLException {
        var connection = server.connect();
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE job (id BIGSERIAL PRIMARY KEY, at BIGINT NOT NULL, payload BYTEA,"
                    + " picked BOOLEAN NOT NULL DEFAULT false); CREATE INDEX ON job (id) WHERE NOT picked");
        }
        connection.setAutoCommit(false);
        return new BareTasks(server, connection, bound);
    }

    @Override
    public void enqueue(int tasks) throws SQLException {
        try (var insert = enqueuing.prepareStatement(
                "INSERT INTO job (at, payload) SELECT 0, '\\x7b7d' FROM generate_series(1, ?)")) {
            for (int from = 0; from < tasks; from += 500) {
                insert.setInt(1, Math.min(500, tasks - from));
                insert.executeUpdate();
                enqueuing.commit();
            }
        }
    }

    @Override
    public void enqueueTimed() throws SQLException {
        try (var insert = enqueuing.prepareStatement("INSERT INTO job (at, payload) VALUES (?, '\\x7b7d')")) {
            insert.setLong(1, System.nanoTime());
            insert.executeUpdate();
            enqueuing.commit();
        }
    }

    @Override
    public void start() {
        thread = Thread.ofPlatform().start(this::loop);
    }

    private void loop() {
        try (var connection = server.connect();
                var claim = connection.prepareStatement(CLAIM);
                var remove = connection.prepareStatement("DELETE FROM job WHERE id = ANY (?)")) {
            connection.setAutoCommit(false);
            while (running.get()) {
                claim.setInt(1, bound);
                var ids = new ArrayList<Long>();
                try (var rows = claim.executeQuery()) {
                    while (rows.next()) {
                        ids.add(rows.getLong(1));
                        if (rows.getLong(2) != 0) {
                            waits.add(System.nanoTime() - rows.getLong(2));
                        }
                    }
                }
                connection.commit();
                if (ids.isEmpty()) {
                    Thread.sleep(1);
                    continue;
                }
                remove.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
                remove.executeUpdate();
                connection.commit();
                done.release(ids.size());
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void await(int tasks) throws InterruptedException {
        done.acquire(tasks);
    }

    @Override
    public List<Long> waits() {
        return List.copyOf(waits);
    }

    @Override
    public void close() throws Exception {
        running.set(false);
        if (thread != null) {
            thread.join();
        }
        enqueuing.close();
    }
}
