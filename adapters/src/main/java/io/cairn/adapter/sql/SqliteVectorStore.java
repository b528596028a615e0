package io.cairn.adapter.sql;

import io.cairn.event.StorageException;
import io.cairn.model.ContentKey;
import io.cairn.model.EmbeddingSpace;
import io.cairn.model.VectorStore;
import io.cairn.tenant.Tenant;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Vectors in a SQLite file of their own, apart from the log and with a writer of their own.
///
/// What it holds can be computed again. So the file is not flushed at every commit, and damage to it stops nobody: a
/// damaged vector counts as absent, and a damaged file is set aside when it is opened. A file that is found to be
/// damaged while it is in use answers nothing until it is opened next.
public final class SqliteVectorStore implements VectorStore {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteVectorStore.class);
    private static final int READERS = 2;
    private static final String SHELVES = "shelf";
    private static final String VECTORS = "vector";

    private final Path file;
    private final VectorWriter writer;
    private final ReaderThreads readers;
    private final SqliteVectorSweep sweep;
    private volatile boolean damaged;

    private SqliteVectorStore(Path file, VectorWriter writer, ReaderThreads readers) {
        this.file = file;
        this.writer = writer;
        this.readers = readers;
        this.sweep = new SqliteVectorSweep(writer);
    }

    /// Opens a store whose statements are not counted.
    public static SqliteVectorStore open(Path file) {
        return open(file, Statements.uncounted());
    }

    /// Opens the file, makes it if there is none, and starts afresh if it is damaged.
    public static SqliteVectorStore open(Path file, Statements statements) {
        try {
            var writer = new VectorWriter(file, VectorFile.openSound(file, statements), statements);
            return new SqliteVectorStore(
                    file, writer, ReaderThreads.start(READERS, statements, () -> VectorFile.reading(file, statements)));
        } catch (SQLException e) {
            throw SqliteDialect.INSTANCE.failed("open " + file, e);
        }
    }

    @Override
    public Map<ContentKey, float[]> getAll(Tenant tenant, EmbeddingSpace space, Collection<ContentKey> keys) {
        if (damaged || keys.isEmpty()) {
            return Map.of();
        }
        try {
            return readers.run(session -> found(session, tenant, space, keys));
        } catch (StorageException e) {
            return ifDamaged(e, Map.of());
        }
    }

    @Override
    public void putAll(Tenant tenant, EmbeddingSpace space, Map<ContentKey, float[]> vectors) {
        vectors.values().forEach(space::check);
        if (damaged || vectors.isEmpty()) {
            return;
        }
        try {
            writer.written(session -> insert(session, tenant, space, vectors));
        } catch (StorageException e) {
            ifDamaged(e, 0);
        }
    }

    @Override
    public SequencedMap<ContentKey, float[]> after(
            Tenant tenant, EmbeddingSpace space, @Nullable ContentKey after, int limit) {
        var page = new LinkedHashMap<ContentKey, float[]>();
        if (damaged) {
            return page;
        }
        try {
            return readers.run(reading -> {
                var shelf = shelf(reading, tenant, space);
                if (shelf.isPresent()) {
                    reading.list(
                                    "SELECT key, value FROM vector WHERE shelf = ? AND key > ? ORDER BY key LIMIT ?",
                                    row -> Map.entry(ContentKey.of(row.getBytes(1)), row.getBytes(2)),
                                    shelf.get(),
                                    after == null ? new byte[0] : after.bytes(),
                                    limit)
                            .forEach(entry -> VectorBytes.decoded(entry.getValue(), space.dimensions())
                                    .ifPresent(vector -> page.put(entry.getKey(), vector)));
                }
                return page;
            });
        } catch (StorageException e) {
            return ifDamaged(e, page);
        }
    }

    @Override
    public long sweep(Tenant tenant, EmbeddingSpace space, Stream<ContentKey> live) {
        return sweep.sweep(tenant, space, live);
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
        return writer.written(session -> {
            long removed = session.update(
                    "DELETE FROM vector WHERE shelf IN (SELECT id FROM shelf WHERE %s)".formatted(shelves.condition()),
                    shelves.with());
            session.update("DELETE FROM shelf WHERE " + shelves.condition(), shelves.with());
            return removed;
        });
    }

    @Override
    public List<Held> held() {
        return damaged ? List.of() : readers.run(session -> Shelves.held(session, SHELVES, VECTORS));
    }

    @Override
    public void close() {
        writer.close();
        readers.close();
    }

    private static Map<ContentKey, float[]> found(
            SqlSession session, Tenant tenant, EmbeddingSpace space, Collection<ContentKey> keys) throws SQLException {
        var shelf = shelf(session, tenant, space);
        var vectors = new HashMap<ContentKey, float[]>();
        if (shelf.isEmpty()) {
            return vectors;
        }
        session.dialect().beginReading(session);
        try {
            session.listAll(
                            "SELECT key, value FROM vector WHERE shelf = ? AND key = ?",
                            (question, row) -> Map.entry(ContentKey.of(row.getBytes(1)), row.getBytes(2)),
                            keys.stream()
                                    .map(key -> new Object[] {shelf.get(), key.bytes()})
                                    .toList())
                    .forEach(entry -> VectorBytes.decoded(entry.getValue(), space.dimensions())
                            .ifPresent(vector -> vectors.put(entry.getKey(), vector)));
        } finally {
            session.dialect().commit(session);
        }
        return vectors;
    }

    private static int insert(SqlSession session, Tenant tenant, EmbeddingSpace space, Map<ContentKey, float[]> vectors)
            throws SQLException {
        long shelf = madeShelf(session, tenant, space);
        session.updateAll(
                """
                INSERT INTO vector (shelf, key, sweep, value)
                VALUES (?1, ?2, (SELECT sweeps FROM shelf WHERE id = ?1), ?3)
                ON CONFLICT (shelf, key) DO UPDATE SET sweep = excluded.sweep, value = excluded.value
                """,
                vectors.entrySet().stream()
                        .map(entry ->
                                new Object[] {shelf, entry.getKey().bytes(), VectorBytes.encoded(entry.getValue())})
                        .toList());
        return vectors.size();
    }

    static long madeShelf(SqlSession session, Tenant tenant, EmbeddingSpace space) throws SQLException {
        Shelves.make(session, SHELVES, tenant, space);
        return shelf(session, tenant, space).orElseThrow();
    }

    private static Optional<Long> shelf(SqlSession session, Tenant tenant, EmbeddingSpace space) throws SQLException {
        var only = Shelves.of(tenant, space);
        return session.first("SELECT id FROM shelf WHERE " + only.condition(), row -> row.getLong(1), only.with());
    }

    private <T> T ifDamaged(StorageException failure, T answer) {
        if (!VectorFile.isDamage(failure.getCause())) {
            throw failure;
        }
        damaged = true;
        VectorFile.remember(file);
        LOG.error(
                "{} is damaged ({}). Vectors are computed anew until the next start, which sets the file aside.",
                file,
                failure.getMessage());
        return answer;
    }
}
