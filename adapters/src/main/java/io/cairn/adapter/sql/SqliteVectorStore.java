package io.cairn.adapter.sql;

import io.cairn.event.StorageException;
import io.cairn.event.StorageException.Kind;
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
import java.util.SequencedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Vectors in a SQLite file of their own, apart from the log and with a writer of their own.
///
/// The file is derived, so it is not flushed at every commit, and damage to it stops nobody: a damaged
/// vector counts as absent, a damaged file is set aside when it is opened, and one that turns out to be
/// damaged while it is in use answers nothing until then.
public final class SqliteVectorStore implements VectorStore {
    // A sweep marks instead of locking. Each shelf counts its sweeps, each row keeps the count at the time it was put,
    // and
    // a sweep that raised the count to n removes only rows with less than n: what was put after it began is not
    // touched,
    // however long the caller takes to say what is live.

    private static final Logger LOG = LoggerFactory.getLogger(SqliteVectorStore.class);
    private static final int READERS = 2;
    private static final int KEYS_PER_STEP = 1000;

    private final Path file;
    private final SqlSession session;
    private final ExecutorService writer;
    private final ReaderThreads readers;
    private final ReentrantLock sweeping = new ReentrantLock();
    private volatile boolean damaged;

    private SqliteVectorStore(Path file, SqlSession session, ReaderThreads readers) {
        this.file = file;
        this.session = session;
        this.readers = readers;
        this.writer = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("cairn-vectors-writer").daemon(true).factory());
    }

    /// Opens the file, makes it if there is none, and starts afresh if it is damaged.
    public static SqliteVectorStore open(Path file) {
        try {
            var session = VectorFile.openSound(file);
            var readers = ReaderThreads.start(READERS, () -> VectorFile.reading(file));
            return new SqliteVectorStore(file, session, readers);
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
            return readers.run(reading -> found(reading, tenant, space, keys));
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
            written(() -> insert(tenant, space, vectors));
        } catch (StorageException e) {
            ifDamaged(e, 0L);
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
                for (var shelf : shelf(reading, tenant, space)) {
                    reading.list(
                                    "SELECT key, value FROM vector WHERE shelf = ? AND key > ? ORDER BY key LIMIT ?",
                                    row -> Map.entry(ContentKey.of(row.getBytes(1)), row.getBytes(2)),
                                    shelf,
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
        sweeping.lock();
        try {
            written(() -> beginSweep(tenant, space));
            live.gather(Gatherers.windowFixed(KEYS_PER_STEP)).forEach(keys -> written(() -> keep(keys)));
            return removeUnmarked(tenant, space);
        } finally {
            sweeping.unlock();
        }
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

    @Override
    public List<Held> held() {
        if (damaged) {
            return List.of();
        }
        return readers.run(reading -> reading.list(
                """
                SELECT tenant, model, fingerprint, dimensions, normalised, count(*)
                FROM shelf JOIN vector ON vector.shelf = shelf.id
                GROUP BY shelf.id ORDER BY shelf.id
                """,
                row -> new Held(
                        new Tenant(row.getString(1)),
                        new EmbeddingSpace(row.getString(2), row.getString(3), row.getInt(4), row.getBoolean(5)),
                        row.getLong(6))));
    }

    @Override
    public void close() {
        writer.close();
        readers.close();
        try {
            session.close();
        } catch (SQLException e) {
            throw SqliteDialect.INSTANCE.failed("close " + file, e);
        }
    }

    private Map<ContentKey, float[]> found(
            SqlSession reading, Tenant tenant, EmbeddingSpace space, Collection<ContentKey> keys) throws SQLException {
        var shelf = shelf(reading, tenant, space);
        var vectors = new HashMap<ContentKey, float[]>();
        if (shelf.isEmpty()) {
            return vectors;
        }
        reading.update("BEGIN");
        try {
            for (var key : keys) {
                reading.first(
                                "SELECT value FROM vector WHERE shelf = ? AND key = ?",
                                row -> row.getBytes(1),
                                shelf.getFirst(),
                                key.bytes())
                        .flatMap(bytes -> VectorBytes.decoded(bytes, space.dimensions()))
                        .ifPresent(vector -> vectors.put(key, vector));
            }
        } finally {
            reading.update("COMMIT");
        }
        return vectors;
    }

    private long insert(Tenant tenant, EmbeddingSpace space, Map<ContentKey, float[]> vectors) throws SQLException {
        long shelf = madeShelf(tenant, space);
        for (var entry : vectors.entrySet()) {
            session.update("""
                    INSERT INTO vector (shelf, key, sweep, value)
                    VALUES (?1, ?2, (SELECT sweeps FROM shelf WHERE id = ?1), ?3)
                    ON CONFLICT (shelf, key) DO UPDATE SET sweep = excluded.sweep, value = excluded.value
                    """, shelf, entry.getKey().bytes(), VectorBytes.encoded(entry.getValue()));
        }
        return vectors.size();
    }

    private long beginSweep(Tenant tenant, EmbeddingSpace space) throws SQLException {
        session.update("CREATE TEMP TABLE IF NOT EXISTS live (key BLOB PRIMARY KEY) WITHOUT ROWID");
        session.update("DELETE FROM live");
        return session.update("UPDATE shelf SET sweeps = sweeps + 1 WHERE id = ?", madeShelf(tenant, space));
    }

    private long keep(List<ContentKey> keys) throws SQLException {
        for (var key : keys) {
            session.update("INSERT OR IGNORE INTO live (key) VALUES (?)", (Object) key.bytes());
        }
        return keys.size();
    }

    /// Step by step along the keys, so that others may write in between.
    private long removeUnmarked(Tenant tenant, EmbeddingSpace space) {
        long removed = 0;
        var from = new byte[0];
        while (true) {
            var step = new Step(from);
            removed += written(() -> removeUnmarked(madeShelf(tenant, space), step));
            if (step.last) {
                break;
            }
            from = step.to;
        }
        written(() -> session.update("DELETE FROM live"));
        return removed;
    }

    /// A stretch of keys; where it ends is known once it was looked at.
    private static final class Step {
        final byte[] after;
        byte[] to = {};
        boolean last;

        Step(byte[] after) {
            this.after = after;
        }
    }

    private long removeUnmarked(long shelf, Step step) throws SQLException {
        var keys = session.list(
                "SELECT key FROM vector WHERE shelf = ? AND key > ? ORDER BY key LIMIT ?",
                row -> row.getBytes(1),
                shelf,
                step.after,
                KEYS_PER_STEP);
        step.last = keys.size() < KEYS_PER_STEP;
        if (keys.isEmpty()) {
            return 0;
        }
        step.to = keys.getLast();
        return session.update("""
                DELETE FROM vector
                WHERE shelf = ?1 AND key > ?2 AND key <= ?3
                  AND sweep < (SELECT sweeps FROM shelf WHERE id = ?1) AND key NOT IN (SELECT key FROM live)
                """, shelf, step.after, step.to);
    }

    private long removed(String condition, Object... arguments) {
        return written(() -> {
            long removed = session.update(
                    "DELETE FROM vector WHERE shelf IN (SELECT id FROM shelf WHERE %s)".formatted(condition),
                    arguments);
            session.update("DELETE FROM shelf WHERE " + condition, arguments);
            return removed;
        });
    }

    private long madeShelf(Tenant tenant, EmbeddingSpace space) throws SQLException {
        session.update("""
                INSERT INTO shelf (tenant, model, fingerprint, dimensions, normalised) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """, tenant.id(), space.model(), space.fingerprint(), space.dimensions(), space.normalised());
        return shelf(session, tenant, space).getFirst();
    }

    private static List<Long> shelf(SqlSession session, Tenant tenant, EmbeddingSpace space) throws SQLException {
        return session.list(
                """
                SELECT id FROM shelf
                WHERE tenant = ? AND model = ? AND fingerprint = ? AND dimensions = ? AND normalised = ?
                """,
                row -> row.getLong(1),
                tenant.id(),
                space.model(),
                space.fingerprint(),
                space.dimensions(),
                space.normalised());
    }

    /// Work of the one thread that writes.
    private interface Writing {
        long run() throws SQLException;
    }

    private long written(Writing writing) {
        try {
            return writer.submit(() -> transaction(writing)).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException(Kind.BUSY, "Interrupted while writing vectors", e);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    private RuntimeException failure(@Nullable Throwable cause) {
        if (cause instanceof SQLException sql) {
            return SqliteDialect.INSTANCE.failed("write to " + file, sql);
        }
        return cause instanceof RuntimeException failure
                ? failure
                : new IllegalStateException("The writer of vectors failed", cause);
    }

    private long transaction(Writing writing) throws SQLException {
        session.update("BEGIN IMMEDIATE");
        try {
            long result = writing.run();
            session.update("COMMIT");
            return result;
        } catch (SQLException | RuntimeException e) {
            rollBack(e);
            throw e;
        }
    }

    private void rollBack(Exception cause) {
        try {
            session.update("ROLLBACK");
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
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
