package io.cairn.adapter.sql;

import io.cairn.event.StorageException;
import io.cairn.event.StorageException.Kind;
import io.cairn.model.ContentKey;
import io.cairn.model.EmbeddingSpace;
import io.cairn.model.VectorStore;
import io.cairn.tenant.Tenant;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Array;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Vectors in the log's PostgreSQL database, so that what one node has computed no other computes again.
public final class PostgresVectorStore implements VectorStore {
    // A sweep marks instead of locking. Each shelf counts its sweeps, each row keeps the count at the time it was put,
    // and a sweep that raised the count to n removes only rows with less than n. Who puts holds the shelf's row
    // meanwhile (FOR SHARE), so a sweep begins either after such a row is there to be seen or before it gets its count.

    private static final int KEYS_PER_STEP = 1000;
    private static final String ON_SHELF =
            "tenant = ? AND model = ? AND fingerprint = ? AND dimensions = ? AND normalised = ?";

    private final PostgresPool pool;

    private PostgresVectorStore(PostgresPool pool) {
        this.pool = pool;
    }

    /// Connects to the database of a log whose schema is up to date.
    public static PostgresVectorStore open(PostgresSettings settings, MeterRegistry meters) {
        return new PostgresVectorStore(PostgresPool.vectors(PostgresAddress.of(settings), settings, meters));
    }

    /// Where the vectors of one tenant in one space stand.
    ///
    /// @param sweeps that have begun
    private record Shelf(long id, long sweeps) {}

    @Override
    public Map<ContentKey, float[]> getAll(Tenant tenant, EmbeddingSpace space, Collection<ContentKey> keys) {
        if (keys.isEmpty()) {
            return Map.of();
        }
        return transaction("read vectors", session -> {
            var found = new HashMap<ContentKey, float[]>();
            for (var step :
                    keys.stream().gather(Gatherers.windowFixed(KEYS_PER_STEP)).toList()) {
                found.putAll(read(session, tenant, space, step));
            }
            return found;
        });
    }

    private static Map<ContentKey, float[]> read(
            SqlSession session, Tenant tenant, EmbeddingSpace space, List<ContentKey> keys) throws SQLException {
        var found = new HashMap<ContentKey, float[]>();
        session.list(
                        "SELECT key, value FROM embedding JOIN embedding_shelf ON id = shelf WHERE " + ON_SHELF
                                + " AND key = ANY (?)",
                        row -> Map.entry(ContentKey.of(row.getBytes(1)), row.getBytes(2)),
                        shelfAnd(tenant, space, binary(session, keys.stream().map(ContentKey::bytes))))
                .forEach(entry -> VectorBytes.decoded(entry.getValue(), space.dimensions())
                        .ifPresent(vector -> found.put(entry.getKey(), vector)));
        return found;
    }

    @Override
    public void putAll(Tenant tenant, EmbeddingSpace space, Map<ContentKey, float[]> vectors) {
        vectors.values().forEach(space::check);
        if (vectors.isEmpty()) {
            return;
        }
        transaction("write vectors", session -> {
            var shelf = heldShelf(session, tenant, space);
            // In one order, so that two nodes that put the same vectors do not wait for each other in a circle.
            var entries = vectors.entrySet().stream()
                    .sorted((left, right) -> Arrays.compareUnsigned(
                            left.getKey().bytes(), right.getKey().bytes()))
                    .toList();
            return session.update(
                    """
                    INSERT INTO embedding (shelf, key, sweep, value)
                    SELECT ?, key, ?, value FROM unnest(?, ?) AS put (key, value)
                    ON CONFLICT (shelf, key) DO UPDATE SET sweep = excluded.sweep, value = excluded.value
                    """,
                    shelf.id(),
                    shelf.sweeps(),
                    binary(session, entries.stream().map(entry -> entry.getKey().bytes())),
                    binary(session, entries.stream().map(entry -> VectorBytes.encoded(entry.getValue()))));
        });
    }

    @Override
    public SequencedMap<ContentKey, float[]> after(
            Tenant tenant, EmbeddingSpace space, @Nullable ContentKey after, int limit) {
        return transaction("read vectors", session -> {
            var page = new LinkedHashMap<ContentKey, float[]>();
            session.list(
                            "SELECT key, value FROM embedding JOIN embedding_shelf ON id = shelf WHERE " + ON_SHELF
                                    + " AND key > ? ORDER BY key LIMIT ?",
                            row -> Map.entry(ContentKey.of(row.getBytes(1)), row.getBytes(2)),
                            shelfAnd(tenant, space, after == null ? new byte[0] : after.bytes(), limit))
                    .forEach(entry -> VectorBytes.decoded(entry.getValue(), space.dimensions())
                            .ifPresent(vector -> page.put(entry.getKey(), vector)));
            return page;
        });
    }

    @Override
    public long sweep(Tenant tenant, EmbeddingSpace space, Stream<ContentKey> live) {
        try (var session = borrow()) {
            var shelf = in(session, "begin a sweep", () -> beginSweep(session, tenant, space));
            if (shelf.isEmpty()) {
                return 0;
            }
            live.gather(Gatherers.windowFixed(KEYS_PER_STEP))
                    .forEach(keys -> in(session, "mark vectors", () -> mark(session, keys)));
            long removed = removeUnmarked(session, shelf.get());
            in(session, "end a sweep", () -> session.update("DROP TABLE live"));
            return removed;
        } catch (SQLException e) {
            throw PostgresDialect.INSTANCE.failed("sweep vectors", e);
        }
    }

    private static Optional<Shelf> beginSweep(SqlSession session, Tenant tenant, EmbeddingSpace space)
            throws SQLException {
        session.update("CREATE TEMPORARY TABLE IF NOT EXISTS live (key BYTEA PRIMARY KEY)");
        session.update("TRUNCATE live");
        return session.first(
                "UPDATE embedding_shelf SET sweeps = sweeps + 1 WHERE " + ON_SHELF + " RETURNING id, sweeps",
                row -> new Shelf(row.getLong(1), row.getLong(2)),
                shelfAnd(tenant, space));
    }

    private static int mark(SqlSession session, List<ContentKey> keys) throws SQLException {
        return session.update(
                "INSERT INTO live SELECT unnest(?) ON CONFLICT DO NOTHING",
                binary(session, keys.stream().map(ContentKey::bytes)));
    }

    /// Step by step along the keys, so that no statement takes long.
    private static long removeUnmarked(SqlSession session, Shelf shelf) {
        long removed = 0;
        var reached = Optional.of(new byte[0]);
        while (reached.isPresent()) {
            var after = reached.get();
            var to = in(session, "sweep vectors", () -> lastOfStep(session, shelf, after));
            if (to.isPresent()) {
                removed += in(session, "sweep vectors", () -> removeUnmarked(session, shelf, after, to.get()));
            }
            reached = to;
        }
        return removed;
    }

    private static Optional<byte[]> lastOfStep(SqlSession session, Shelf shelf, byte[] after) throws SQLException {
        return session.first(
                "SELECT key FROM (SELECT key FROM embedding WHERE shelf = ? AND key > ? ORDER BY key LIMIT ?) step"
                        + " ORDER BY key DESC LIMIT 1",
                row -> row.getBytes(1),
                shelf.id(),
                after,
                KEYS_PER_STEP);
    }

    private static int removeUnmarked(SqlSession session, Shelf shelf, byte[] after, byte[] to) throws SQLException {
        return session.update(
                "DELETE FROM embedding WHERE shelf = ? AND key > ? AND key <= ? AND sweep < ?"
                        + " AND NOT EXISTS (SELECT FROM live WHERE live.key = embedding.key)",
                shelf.id(),
                after,
                to,
                shelf.sweeps());
    }

    @Override
    public long remove(EmbeddingSpace space) {
        return removed(
                "model = ? AND fingerprint = ? AND dimensions = ? AND normalised = ?",
                space.model(),
                space.fingerprint(),
                space.dimensions(),
                space.normalised());
    }

    @Override
    public long removeModel(String model) {
        return removed("model = ?", model);
    }

    @Override
    public long remove(Tenant tenant) {
        return removed("tenant = ?", tenant.id());
    }

    private long removed(String condition, Object... arguments) {
        return transaction("remove vectors", session -> {
            var shelves = session.list(
                            "SELECT id FROM embedding_shelf WHERE " + condition + " ORDER BY id FOR UPDATE",
                            row -> row.getLong(1),
                            arguments)
                    .toArray();
            var ids = session.connection().createArrayOf("bigint", shelves);
            long removed = session.update("DELETE FROM embedding WHERE shelf = ANY (?)", ids);
            session.update("DELETE FROM embedding_shelf WHERE id = ANY (?)", ids);
            return removed;
        });
    }

    @Override
    public List<Held> held() {
        return transaction(
                "count vectors",
                session -> session.list(
                        """
                        SELECT tenant, model, fingerprint, dimensions, normalised, count(*)
                        FROM embedding_shelf JOIN embedding ON shelf = id
                        GROUP BY id ORDER BY id
                        """,
                        row -> new Held(
                                new Tenant(row.getString(1)),
                                new EmbeddingSpace(
                                        row.getString(2), row.getString(3), row.getInt(4), row.getBoolean(5)),
                                row.getLong(6))));
    }

    @Override
    public void close() {
        pool.close();
    }

    /// The shelf, made if there is none, and held against sweeps and removals until the transaction ends.
    private static Shelf heldShelf(SqlSession session, Tenant tenant, EmbeddingSpace space) throws SQLException {
        var known = hold(session, tenant, space);
        if (known.isPresent()) {
            return known.get();
        }
        session.update("""
                INSERT INTO embedding_shelf (tenant, model, fingerprint, dimensions, normalised) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """, shelfAnd(tenant, space));
        return hold(session, tenant, space)
                .orElseThrow(() -> new StorageException(
                        Kind.BUSY, "The vectors' shelf was removed meanwhile", new IllegalStateException()));
    }

    private static Optional<Shelf> hold(SqlSession session, Tenant tenant, EmbeddingSpace space) throws SQLException {
        return session.first(
                "SELECT id, sweeps FROM embedding_shelf WHERE " + ON_SHELF + " FOR SHARE",
                row -> new Shelf(row.getLong(1), row.getLong(2)),
                shelfAnd(tenant, space));
    }

    private static Object[] shelfAnd(Tenant tenant, EmbeddingSpace space, Object... more) {
        var shelf = Stream.<Object>of(
                tenant.id(), space.model(), space.fingerprint(), space.dimensions(), space.normalised());
        return Stream.concat(shelf, Stream.of(more)).toArray();
    }

    private static Array binary(SqlSession session, Stream<byte[]> values) throws SQLException {
        return session.connection().createArrayOf("bytea", values.toArray(byte[][]::new));
    }

    /// Work of one transaction on a session.
    private interface Work<T> {
        T on(SqlSession session) throws SQLException;
    }

    private <T> T transaction(String what, Work<T> work) {
        try (var session = borrow()) {
            return in(session, what, () -> work.on(session));
        } catch (SQLException e) {
            throw PostgresDialect.INSTANCE.failed(what, e);
        }
    }

    private static <T> T in(SqlSession session, String what, SqlSnapshot.Work<T> work) {
        try {
            var result = work.run();
            session.dialect().commit(session);
            return result;
        } catch (SQLException e) {
            throw PostgresDialect.INSTANCE.failed(what, e);
        }
    }

    private SqlSession borrow() {
        try {
            return pool.borrow();
        } catch (SQLException e) {
            throw PostgresDialect.INSTANCE.failed("be reached for vectors", e);
        }
    }
}
