package io.cairn.adapter.sql;

import io.cairn.model.ContentKey;
import io.cairn.model.EmbeddingSpace;
import io.cairn.tenant.Tenant;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Gatherers;
import java.util.stream.Stream;

/// Removes vectors that are not live from PostgreSQL, each step a short transaction of one session.
///
/// Vectors that are put while a sweep runs are told apart by a count. Each shelf counts its sweeps, and each row
/// keeps the count at the time it was put; the sweep that raised the count to n removes only rows with less than n. A
/// writer locks the shelf's row (FOR SHARE) while it puts, so a sweep begins either after its rows can be seen or
/// before they get their count.
final class PostgresVectorSweep {
    private static final int KEYS_PER_STEP = 1000;

    private final SqlSession session;

    PostgresVectorSweep(SqlSession session) {
        this.session = session;
    }

    long sweep(Tenant tenant, EmbeddingSpace space, Stream<ContentKey> live) {
        var shelf = step("begin a sweep", () -> begin(tenant, space));
        if (shelf.isEmpty()) {
            return 0;
        }
        live.gather(Gatherers.windowFixed(KEYS_PER_STEP)).forEach(keys -> step("mark vectors", () -> mark(keys)));
        long removed = removeUnmarked(shelf.get());
        step("end a sweep", () -> session.update("DROP TABLE live"));
        return removed;
    }

    private Optional<PostgresVectorStore.Shelf> begin(Tenant tenant, EmbeddingSpace space) throws SQLException {
        session.update("CREATE TEMPORARY TABLE IF NOT EXISTS live (key BYTEA PRIMARY KEY)");
        session.update("TRUNCATE live");
        var only = Shelves.of(tenant, space);
        return session.first(
                "UPDATE embedding_shelf SET sweeps = sweeps + 1 WHERE " + only.condition() + " RETURNING id, sweeps",
                row -> new PostgresVectorStore.Shelf(row.getLong(1), row.getLong(2)),
                only.with());
    }

    private int mark(List<ContentKey> keys) throws SQLException {
        return session.update(
                "INSERT INTO live SELECT unnest(?) ON CONFLICT DO NOTHING",
                PostgresVectorStore.binary(session, keys.stream().map(ContentKey::bytes)));
    }

    /// Removes step by step along the keys, so that no statement takes long.
    private long removeUnmarked(PostgresVectorStore.Shelf shelf) {
        long removed = 0;
        var reached = Optional.of(new byte[0]);
        while (reached.isPresent()) {
            var after = reached.get();
            var to = step("sweep vectors", () -> lastOfStep(shelf, after));
            if (to.isPresent()) {
                removed += step("sweep vectors", () -> removeUnmarked(shelf, after, to.get()));
            }
            reached = to;
        }
        return removed;
    }

    private Optional<byte[]> lastOfStep(PostgresVectorStore.Shelf shelf, byte[] after) throws SQLException {
        return session.first(
                "SELECT key FROM (SELECT key FROM embedding WHERE shelf = ? AND key > ? ORDER BY key LIMIT ?) step"
                        + " ORDER BY key DESC LIMIT 1",
                row -> row.getBytes(1),
                shelf.id(),
                after,
                KEYS_PER_STEP);
    }

    private int removeUnmarked(PostgresVectorStore.Shelf shelf, byte[] after, byte[] to) throws SQLException {
        return session.update(
                "DELETE FROM embedding WHERE shelf = ? AND key > ? AND key <= ? AND sweep < ?"
                        + " AND NOT EXISTS (SELECT FROM live WHERE live.key = embedding.key)",
                shelf.id(),
                after,
                to,
                shelf.sweeps());
    }

    private <T> T step(String what, SqlSnapshot.Work<T> work) {
        session.more(1);
        return PostgresVectorStore.in(session, what, work);
    }
}
