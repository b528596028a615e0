package io.cairn.adapter.sql;

import io.cairn.model.ContentKey;
import io.cairn.model.EmbeddingSpace;
import io.cairn.tenant.Tenant;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Gatherers;
import java.util.stream.Stream;

/// Removes vectors that are not live from a SQLite file, step by step along the keys, so that others may write in
/// between; one sweep at a time.
///
/// Vectors that are put while a sweep runs are told apart by a count. Each shelf counts its sweeps, and each row
/// keeps the count at the time it was put; the sweep that raised the count to n removes only rows with less than n.
/// So what was put after it began stays, however long the caller takes to list what is live.
final class SqliteVectorSweep {
    private static final int KEYS_PER_STEP = 1000;

    private final VectorWriter writer;
    private final ReentrantLock sweeping = new ReentrantLock();

    SqliteVectorSweep(VectorWriter writer) {
        this.writer = writer;
    }

    /// A step along the keys: the key at which it ended, unless it was the last step, and how many rows were removed.
    private record Step(Optional<byte[]> end, long removed) {}

    long sweep(Tenant tenant, EmbeddingSpace space, Stream<ContentKey> live) {
        sweeping.lock();
        try {
            writer.written(session -> begin(session, tenant, space));
            live.gather(Gatherers.windowFixed(KEYS_PER_STEP))
                    .forEach(keys -> writer.written(session -> keep(session, keys)));
            return removeUnmarked(tenant, space);
        } finally {
            sweeping.unlock();
        }
    }

    private static int begin(SqlSession session, Tenant tenant, EmbeddingSpace space) throws SQLException {
        session.update("CREATE TEMP TABLE IF NOT EXISTS live (key BLOB PRIMARY KEY) WITHOUT ROWID");
        session.update("DELETE FROM live");
        return session.update(
                "UPDATE shelf SET sweeps = sweeps + 1 WHERE id = ?",
                SqliteVectorStore.madeShelf(session, tenant, space));
    }

    private static int keep(SqlSession session, List<ContentKey> keys) throws SQLException {
        session.updateAll(
                "INSERT OR IGNORE INTO live (key) VALUES (?)",
                keys.stream().map(key -> new Object[] {key.bytes()}).toList());
        return keys.size();
    }

    private long removeUnmarked(Tenant tenant, EmbeddingSpace space) {
        long removed = 0;
        var reached = Optional.of(new byte[0]);
        while (reached.isPresent()) {
            var from = reached.get();
            var step = writer.written(session -> removeUnmarked(session, tenant, space, from));
            removed += step.removed();
            reached = step.end();
        }
        writer.written(session -> session.update("DELETE FROM live"));
        return removed;
    }

    private static Step removeUnmarked(SqlSession session, Tenant tenant, EmbeddingSpace space, byte[] from)
            throws SQLException {
        long shelf = SqliteVectorStore.madeShelf(session, tenant, space);
        var keys = session.list(
                "SELECT key FROM vector WHERE shelf = ? AND key > ? ORDER BY key LIMIT ?",
                row -> row.getBytes(1),
                shelf,
                from,
                KEYS_PER_STEP);
        if (keys.isEmpty()) {
            return new Step(Optional.empty(), 0);
        }
        int removed = session.update("""
                DELETE FROM vector
                WHERE shelf = ?1 AND key > ?2 AND key <= ?3
                  AND sweep < (SELECT sweeps FROM shelf WHERE id = ?1) AND key NOT IN (SELECT key FROM live)
                """, shelf, from, keys.getLast());
        return new Step(keys.size() < KEYS_PER_STEP ? Optional.empty() : Optional.of(keys.getLast()), removed);
    }
}
