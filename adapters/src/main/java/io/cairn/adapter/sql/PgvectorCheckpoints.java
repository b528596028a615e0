package io.cairn.adapter.sql;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How far one generation is in every partition, as whoever applies has committed it.
final class PgvectorCheckpoints {
    /// Readers ask all the time, and what they are told may be as old as this.
    private static final Duration AGE_MAX = Duration.ofMillis(200);

    /// The checkpoints at one moment.
    ///
    /// @param gone whether the generation is no more
    /// @param units of all partitions
    record Seen(boolean gone, Map<Integer, Long> positions, long units, Instant at) {
        long position(int partition) {
            return positions.getOrDefault(partition, 0L);
        }
    }

    private record Row(int partition, boolean any, long position, long units) {}

    private final int generation;
    private final PostgresPool pool;
    private final Clock clock;
    private volatile @Nullable Seen last;

    PgvectorCheckpoints(int generation, PostgresPool pool, Clock clock) {
        this.generation = generation;
        this.pool = pool;
        this.clock = clock;
    }

    /// As they are now.
    Seen now() {
        try (var session = pool.borrow()) {
            var seen = seen(session.list(
                    """
                    SELECT partition, position, units FROM knowledge_generation
                    LEFT JOIN knowledge_checkpoint ON generation = number WHERE number = ?
                    """, row -> new Row(row.getInt(1), !row.wasNull(), row.getLong(2), row.getLong(3)), generation));
            last = seen;
            return seen;
        } catch (SQLException e) {
            throw PostgresDialect.INSTANCE.failed("tell how far the dense index is", e);
        }
    }

    private Seen seen(List<Row> rows) {
        var positions = new HashMap<Integer, Long>();
        rows.stream().filter(Row::any).forEach(row -> positions.put(row.partition(), row.position()));
        return new Seen(
                rows.isEmpty(),
                Map.copyOf(positions),
                rows.stream().mapToLong(Row::units).sum(),
                clock.instant());
    }

    /// As they were a moment ago.
    Seen lately() {
        var seen = last;
        return seen != null
                        && Duration.between(seen.at(), clock.instant()).abs().compareTo(AGE_MAX) < 0
                ? seen
                : now();
    }

    /// This node has changed them, and is to see that at once.
    void changed() {
        last = null;
    }

    /// Moves a checkpoint, and holds it until the transaction ends.
    ///
    /// @return false if it is not where it was believed to be
    boolean move(SqlSession session, int partition, long from, long to) throws SQLException {
        if (from == 0) {
            session.update("""
                    INSERT INTO knowledge_checkpoint (generation, partition, position, units)
                    SELECT number, ?, 0, 0 FROM knowledge_generation WHERE number = ? FOR KEY SHARE
                    ON CONFLICT DO NOTHING
                    """, partition, generation);
        }
        return session.update(
                        "UPDATE knowledge_checkpoint SET position = ?"
                                + " WHERE generation = ? AND partition = ? AND position = ?",
                        to,
                        generation,
                        partition,
                        from)
                == 1;
    }

    /// Notes how many more units there are.
    void count(SqlSession session, int partition, long more) throws SQLException {
        if (more != 0) {
            session.update(
                    "UPDATE knowledge_checkpoint SET units = units + ? WHERE generation = ? AND partition = ?",
                    more,
                    generation,
                    partition);
        }
    }
}
