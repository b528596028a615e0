package io.cairn.bench;

import io.cairn.adapter.sql.SqliteLogStorage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;

/// The raw library: Cairn's tables, indices and statements through plain JDBC, and nothing of Cairn around them.
///
/// It neither seals nor hashes nor checks; what stands in those columns is as long as Cairn's.
final class BareLog implements AutoCloseable {
    private static final int BATCH_MAX = 2000;
    private static final int WAITING_MAX = 10_000;

    private final Connection connection;
    private final PreparedStatement begin;
    private final PreparedStatement head;
    private final PreparedStatement find;
    private final PreparedStatement version;
    private final PreparedStatement insert;
    private final PreparedStatement moveHead;
    private final PreparedStatement commit;
    private final byte[] digest = new byte[32];
    private final BlockingQueue<Waiting> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private long position;

    /// A row to be written.
    record Row(String stream, byte[] eventId, byte[] keyId, byte[] metadata, byte[] sealed) {}

    private record Waiting(Row row, CompletableFuture<Long> written) {}

    private BareLog(Connection connection) throws SQLException {
        this.connection = connection;
        begin = connection.prepareStatement("BEGIN IMMEDIATE");
        head = connection.prepareStatement(
                "SELECT position, chain, recorded_at FROM partition_head WHERE partition = ?");
        find = connection.prepareStatement(
                "SELECT stream_type, stream_id, version, position FROM event WHERE tenant = ? AND event_id = ?");
        version = connection.prepareStatement(
                "SELECT max(version) FROM event WHERE tenant = ? AND stream_type = ? AND stream_id = ?");
        insert = connection.prepareStatement("INSERT INTO event (partition, position, tenant, stream_type, stream_id,"
                + " version, event_id, type, schema_version, subject, key_id, metadata, payload, recorded_at,"
                + " occurred_at, digest, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        moveHead = connection.prepareStatement(
                "UPDATE partition_head SET position = ?, chain = ?, recorded_at = ? WHERE partition = ?");
        commit = connection.prepareStatement("COMMIT");
    }

    static BareLog open(Path file) throws SQLException {
        SqliteLogStorage.open(file, 1).close();
        var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
        }
        return new BareLog(connection);
    }

    /// Writes one row in a transaction of its own.
    long write(Row row) throws SQLException {
        write(List.of(row));
        return position;
    }

    /// Leaves a row to whoever runs [#groupCommits].
    CompletableFuture<Long> offer(Row row) throws InterruptedException {
        var written = new CompletableFuture<Long>();
        waiting.put(new Waiting(row, written));
        return written;
    }

    /// Writes what is waiting, all of it in one transaction, until it is interrupted.
    void groupCommits() throws SQLException {
        try {
            while (true) {
                var batch = new ArrayList<Waiting>();
                batch.add(waiting.take());
                waiting.drainTo(batch, BATCH_MAX - 1);
                write(batch.stream().map(Waiting::row).toList());
                batch.forEach(one -> one.written().complete(position));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(List<Row> rows) throws SQLException {
        begin.execute();
        head.setInt(1, 0);
        try (var found = head.executeQuery()) {
            position = found.next() ? found.getLong(1) : 0;
        }
        for (var row : rows) {
            insert(row);
        }
        moveHead.setLong(1, position);
        moveHead.setBytes(2, digest);
        moveHead.setLong(3, System.currentTimeMillis() * 1000);
        moveHead.setInt(4, 0);
        moveHead.executeUpdate();
        commit.execute();
    }

    private void insert(Row row) throws SQLException {
        find.setString(1, "default");
        find.setBytes(2, row.eventId());
        try (var found = find.executeQuery()) {
            if (found.next()) {
                throw new SQLException("An event id came twice");
            }
        }
        version.setString(1, "default");
        version.setString(2, "thing");
        version.setString(3, row.stream());
        long last;
        try (var found = version.executeQuery()) {
            last = found.next() ? found.getLong(1) : 0;
        }
        long now = System.currentTimeMillis() * 1000;
        insert.setInt(1, 0);
        insert.setLong(2, ++position);
        insert.setString(3, "default");
        insert.setString(4, "thing");
        insert.setString(5, row.stream());
        insert.setLong(6, last + 1);
        insert.setBytes(7, row.eventId());
        insert.setString(8, "Happened");
        insert.setInt(9, 1);
        insert.setString(10, row.stream());
        insert.setBytes(11, row.keyId());
        insert.setBytes(12, row.metadata());
        insert.setBytes(13, row.sealed());
        insert.setLong(14, now);
        insert.setLong(15, now);
        insert.setBytes(16, digest);
        insert.setBytes(17, digest);
        insert.executeUpdate();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
