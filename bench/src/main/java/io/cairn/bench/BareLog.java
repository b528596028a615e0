package io.cairn.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;

/// The raw library: Cairn's tables, indices and statements through plain JDBC, and nothing of Cairn around them.
///
/// It neither seals nor hashes nor checks; what stands in those columns is as long as Cairn's.
abstract class BareLog implements AutoCloseable {
    static final String INSERT = "INSERT INTO event (partition, position, tenant, stream_type, stream_id,"
            + " version, event_id, type, schema_version, subject, key_id, metadata, payload, recorded_at,"
            + " occurred_at, digest, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    static final String MOVE_HEAD =
            "UPDATE partition_head SET position = ?, chain = ?, recorded_at = ? WHERE partition = ?";
    static final byte[] DIGEST = new byte[32];

    private static final int BATCH_MAX = 2000;
    private static final int WAITING_MAX = 10_000;

    private final Connection connection;
    private final BlockingQueue<Waiting> waiting = new ArrayBlockingQueue<>(WAITING_MAX);

    /// A row to be written.
    record Row(String stream, byte[] eventId, byte[] keyId, byte[] metadata, byte[] sealed) {
        /// In the order of the columns of the insert.
        List<Object> values(int partition, long position, long version) {
            long now = System.currentTimeMillis() * 1000;
            return List.of(
                    partition,
                    position,
                    "default",
                    "thing",
                    stream,
                    version,
                    eventId,
                    "Happened",
                    1,
                    stream,
                    keyId,
                    metadata,
                    sealed,
                    now,
                    now,
                    DIGEST,
                    DIGEST);
        }
    }

    private record Waiting(Row row, CompletableFuture<Long> written) {}

    BareLog(Connection connection) {
        this.connection = connection;
    }

    /// Writes rows in one transaction.
    ///
    /// @return the last one's position
    abstract long write(List<Row> rows) throws SQLException;

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
                long position = write(batch.stream().map(Waiting::row).toList());
                batch.forEach(one -> one.written().complete(position));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
