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
    private static final int KEYS_PER_STEP = 1000;
    private static final String SHELVES = "embedding_shelf";
    private static final String VECTORS = "embedding";

    private final PostgresPool pool;

    private PostgresVectorStore(PostgresPool pool) {
        this.pool = pool;
    }

    /// Connects to the database of a log whose schema is up to date.
    public static PostgresVectorStore open(PostgresSettings settings, MeterRegistry meters, Statements statements) {
        return new PostgresVectorStore(
                PostgresPool.vectors(PostgresAddress.of(settings), settings, meters, statements));
    }

    /// The shelf on which the vectors of one tenant in one space stand.
    ///
    /// @param sweeps how many have begun
    record Shelf(long id, long sweeps) {}

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
        var only = Shelves.of(tenant, space);
        session.list(
                        "SELECT key, value FROM embedding JOIN embedding_shelf ON id = shelf WHERE " + only.condition()
                                + " AND key = ANY (?)",
                        row -> Map.entry(ContentKey.of(row.getBytes(1)), row.getBytes(2)),
                        only.with(binary(session, keys.stream().map(ContentKey::bytes))))
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
            // All nodes put vectors in the same order, so that two never wait for each other in a circle.
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
            var only = Shelves.of(tenant, space);
            session.list(
                            "SELECT key, value FROM embedding JOIN embedding_shelf ON id = shelf WHERE "
                                    + only.condition() + " AND key > ? ORDER BY key LIMIT ?",
                            row -> Map.entry(ContentKey.of(row.getBytes(1)), row.getBytes(2)),
                            only.with(after == null ? new byte[0] : after.bytes(), limit))
                    .forEach(entry -> VectorBytes.decoded(entry.getValue(), space.dimensions())
                            .ifPresent(vector -> page.put(entry.getKey(), vector)));
            return page;
        });
    }

    @Override
    public long sweep(Tenant tenant, EmbeddingSpace space, Stream<ContentKey> live) {
        try (var session = borrow()) {
            return new PostgresVectorSweep(session).sweep(tenant, space, live);
        } catch (SQLException e) {
            throw PostgresDialect.INSTANCE.failed("sweep vectors", e);
        }
    }

    @Override
    public long remove(EmbeddingSpace space) {
        return removed(Shelves.of(space));
    }

    @Override
    public long removeModel(String model) {
        return removed(Shelves.ofModel(model));
    }

    @Override
    public long remove(Tenant tenant) {
        return removed(Shelves.of(tenant));
    }

    private long removed(Shelves shelves) {
        return transaction("remove vectors", session -> {
            var numbers = session.list(
                            "SELECT id FROM embedding_shelf WHERE " + shelves.condition() + " ORDER BY id FOR UPDATE",
                            row -> row.getLong(1),
                            shelves.with())
                    .toArray();
            var ids = session.connection().createArrayOf("bigint", numbers);
            long removed = session.update("DELETE FROM embedding WHERE shelf = ANY (?)", ids);
            session.update("DELETE FROM embedding_shelf WHERE id = ANY (?)", ids);
            return removed;
        });
    }

    @Override
    public List<Held> held() {
        return transaction("count vectors", session -> Shelves.held(session, SHELVES, VECTORS));
    }

    @Override
    public void close() {
        pool.close();
    }

    /// The shelf, which is made if there is none and locked against sweeps and removals until the transaction ends.
    private static Shelf heldShelf(SqlSession session, Tenant tenant, EmbeddingSpace space) throws SQLException {
        var known = hold(session, tenant, space);
        if (known.isPresent()) {
            return known.get();
        }
        Shelves.make(session, SHELVES, tenant, space);
        return hold(session, tenant, space)
                .orElseThrow(() -> new StorageException(
                        Kind.BUSY, "The vectors' shelf was removed meanwhile", new IllegalStateException()));
    }

    private static Optional<Shelf> hold(SqlSession session, Tenant tenant, EmbeddingSpace space) throws SQLException {
        var only = Shelves.of(tenant, space);
        return session.first(
                "SELECT id, sweeps FROM embedding_shelf WHERE " + only.condition() + " FOR SHARE",
                row -> new Shelf(row.getLong(1), row.getLong(2)),
                only.with());
    }

    static Array binary(SqlSession session, Stream<byte[]> values) throws SQLException {
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

    static <T> T in(SqlSession session, String what, SqlSnapshot.Work<T> work) {
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
            return pool.borrow("work on the vectors");
        } catch (SQLException e) {
            throw PostgresDialect.INSTANCE.failed("be reached for vectors", e);
        }
    }
}
