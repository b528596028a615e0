package io.cairn.adapter.sql;

import io.cairn.event.StorageException;
import io.cairn.event.StorageException.Kind;
import io.cairn.lease.Lease;
import io.cairn.tenant.Tenant;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// How far one generation is in every partition, whichever node has committed it.
final class PgvectorCheckpoints {
    /// Asked all the time, and what is told may be as old as this.
    private static final Duration AGE_MAX = Duration.ofMillis(20);

    private record Row(int partition, boolean any, long position, long units) {}

    private final int generation;
    private final GuardedPool pool;
    private final Clock clock;

    /// They never go back, so of two that were read at once the greater one is the truth.
    private final Map<Integer, Long> positions = new ConcurrentHashMap<>();

    private volatile boolean gone;
    private volatile long units;
    private volatile @Nullable Instant seenAt;

    PgvectorCheckpoints(int generation, GuardedPool pool, Clock clock) {
        this.generation = generation;
        this.pool = pool;
        this.clock = clock;
    }

    /// Reads them as they are now.
    void look() {
        var now = clock.instant();
        see(pool.ask(
                "tell how far the dense index is",
                session -> session.list(
                        """
                        SELECT partition, position, units FROM knowledge_generation
                        LEFT JOIN knowledge_checkpoint ON generation = number WHERE number = ?
                        """,
                        row -> new Row(row.getInt(1), !row.wasNull(), row.getLong(2), row.getLong(3)),
                        generation)));
        seenAt = now;
    }

    private void see(List<Row> rows) {
        gone = rows.isEmpty();
        rows.stream().filter(Row::any).forEach(row -> reached(row.partition(), row.position()));
        units = rows.stream().mapToLong(Row::units).sum();
    }

    private void reached(int partition, long position) {
        positions.merge(partition, position, Math::max);
    }

    private void lookLately() {
        var last = seenAt;
        if (last == null || Duration.between(last, clock.instant()).abs().compareTo(AGE_MAX) >= 0) {
            look();
        }
    }

    long position(int partition) {
        lookLately();
        return positions.getOrDefault(partition, 0L);
    }

    /// Of all partitions.
    long units() {
        lookLately();
        return units;
    }

    /// Whether the generation is no more.
    boolean gone() {
        lookLately();
        return gone;
    }

    /// This node has committed a checkpoint, and is to see that at once.
    void committed(int partition, long position) {
        reached(partition, position);
        seenAt = null;
    }

    /// Moves a checkpoint, and holds it until the transaction ends.
    ///
    /// @throws StorageException if the generation is no more
    void move(SqlSession session, int partition, long to) throws SQLException {
        int moved = session.update("""
            INSERT INTO knowledge_checkpoint (generation, partition, position, units)
            SELECT number, ?, ?, 0 FROM knowledge_generation WHERE number = ? FOR KEY SHARE
            ON CONFLICT (generation, partition) DO UPDATE SET position = excluded.position
            """, partition, to, generation);
        if (moved == 0) {
            throw new StorageException(
                    Kind.BUSY,
                    "Generation %d of the dense index was given up by another node".formatted(generation),
                    new IllegalStateException());
        }
    }

    /// Notes how many more passages there are.
    void count(SqlSession session, int partition, long more) throws SQLException {
        if (more != 0) {
            session.update(
                    "UPDATE knowledge_checkpoint SET units = units + ? WHERE generation = ? AND partition = ?",
                    more,
                    generation,
                    partition);
        }
    }

    /// Requires that the lease has not gone to another, and keeps it from going until the transaction ends.
    ///
    /// @throws StorageException if it has
    static void fence(SqlSession session, Lease lease) throws SQLException {
        var last = session.first(
                "SELECT token FROM lease WHERE tenant = ? AND name = ? AND partition = ? AND token = ? FOR SHARE",
                row -> row.getLong(1),
                Tenant.CAIRN.id(),
                lease.name(),
                (long) lease.partition(),
                lease.token());
        if (last.isEmpty()) {
            throw lease.lost();
        }
    }
}
