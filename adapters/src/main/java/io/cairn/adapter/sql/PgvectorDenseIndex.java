package io.cairn.adapter.sql;

import io.cairn.event.Event;
import io.cairn.event.StorageException;
import io.cairn.event.StorageException.Kind;
import io.cairn.model.Embeddings;
import io.cairn.recall.Candidate;
import io.cairn.recall.DenseIndex;
import io.cairn.recall.Filters;
import io.cairn.recall.NetChanges;
import io.cairn.recall.UnitRef;
import io.cairn.recall.UnitVectors;
import io.cairn.recall.Units;
import io.cairn.tenant.Tenant;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// One generation of the vectors in PostgreSQL, which all nodes share: whoever comes first applies, and all read.
final class PgvectorDenseIndex implements DenseIndex {
    // Units and checkpoint commit in one transaction, which begins by moving the checkpoint from where this node
    // believes it to be. If it is not there any more another node has been faster; then nothing of the batch is
    // kept, and the node goes on from where the other is. So no node can undo what another has done, however long
    // it was stalled, and two that do the same work at once do it once. The row of the checkpoint is held until the
    // end, so that the second waits for the first instead of inserting beside it.

    private final PgvectorTable table;
    private final PgvectorCheckpoints checkpoints;
    private final PostgresPool pool;
    private final Units units;
    private final Embeddings embeddings;

    /// Where this node believes the checkpoints to be.
    private final Map<Integer, Long> applied = new ConcurrentHashMap<>();

    /// @param units for this index alone
    /// @param pool closed by whoever opened it
    PgvectorDenseIndex(
            PgvectorTable table,
            PgvectorCheckpoints checkpoints,
            PostgresPool pool,
            Units units,
            Embeddings embeddings) {
        this.table = table;
        this.checkpoints = checkpoints;
        this.pool = pool;
        this.units = units;
        this.embeddings = embeddings;
        applied.putAll(checkpoints.now().positions());
    }

    @Override
    public void apply(int partition, List<Event> events, long to) {
        long from = applied(partition);
        if (to < from) {
            // Another node is past it.
            return;
        }
        // Before embedding, which is slow.
        if (checkpoints.now().position(partition) != from) {
            giveWay(partition, from, to);
            return;
        }
        var changes = NetChanges.of(
                events.stream().flatMap(event -> units.changes(event).stream()).toList());
        var vectors = UnitVectors.of(changes.units(), embeddings);
        boolean moved = transaction("keep units with their vectors", session -> {
            if (!checkpoints.move(session, partition, from, to)) {
                session.dialect().rollBack(session);
                return false;
            }
            checkpoints.count(session, partition, table.change(session, changes, vectors));
            commit(session);
            return true;
        });
        if (moved) {
            applied.put(partition, to);
            checkpoints.changed();
        } else {
            giveWay(partition, from, to);
        }
    }

    /// Goes on from where another node is.
    ///
    /// @throws StorageException if events were to be applied where the checkpoint is, since they still have to be
    private void giveWay(int partition, long from, long to) {
        var now = checkpoints.now();
        if (now.gone()) {
            throw new StorageException(
                    Kind.BUSY,
                    "Generation %d of the dense index was given up by another node".formatted(table.generation()),
                    new IllegalStateException());
        }
        applied.put(partition, now.position(partition));
        if (to == from) {
            throw new StorageException(
                    Kind.BUSY,
                    "Another node was faster in partition %d of the dense index".formatted(partition),
                    new IllegalStateException());
        }
    }

    private static void commit(SqlSession session) {
        try {
            session.dialect().commit(session);
        } catch (SQLException e) {
            throw PostgresDialect.INSTANCE.failedToCommit(e);
        }
    }

    @Override
    public List<Candidate> search(Tenant tenant, float[] vector, Filters filters, int candidatesMax, boolean exact) {
        embeddings.space().check(vector);
        return PgvectorFilter.of(tenant, filters)
                .map(filter -> transaction(
                        "search vectors", session -> search().nearest(session, filter, vector, candidatesMax, exact)))
                .orElse(List.of());
    }

    @Override
    public List<Candidate> compare(Tenant tenant, float[] vector, Collection<UnitRef> units) {
        embeddings.space().check(vector);
        return transaction("compare vectors", session -> search().compare(session, tenant, vector, units));
    }

    @Override
    public boolean approximates(Tenant tenant, Filters filters) {
        return PgvectorFilter.of(tenant, filters)
                .map(filter -> transaction("count units", session -> search().walks(session, filter, 1)))
                .orElse(false);
    }

    private PgvectorSearch search() {
        return new PgvectorSearch(table, units());
    }

    @Override
    public long units() {
        return checkpoints.lately().units();
    }

    /// Work of one transaction; what it has not committed is rolled back.
    private interface Work<T> {
        T on(SqlSession session) throws SQLException;
    }

    private <T> T transaction(String what, Work<T> work) {
        try (var session = pool.borrow()) {
            return work.on(session);
        } catch (SQLException e) {
            if (isOfTheData(e)) {
                // Nothing is wrong with the store, and trying again will not help: the event's stream is to be parked.
                throw new IllegalArgumentException("PostgreSQL could not %s: %s".formatted(what, e.getMessage()), e);
            }
            throw PostgresDialect.INSTANCE.failed(what, e);
        }
    }

    /// Data exceptions, and values that are too large for an index.
    private static boolean isOfTheData(SQLException e) {
        var state = String.valueOf(e.getSQLState());
        return state.startsWith("22") || state.startsWith("54");
    }

    @Override
    public void publish() {
        // What is committed is seen.
    }

    @Override
    public void commit() {
        // With every batch.
    }

    @Override
    public long applied(int partition) {
        return applied.getOrDefault(partition, 0L);
    }

    @Override
    public long visible(int partition) {
        var lately = checkpoints.lately();
        return lately.gone() ? 0 : Math.max(lately.position(partition), applied(partition));
    }

    @Override
    public long durable(int partition) {
        return applied(partition);
    }

    @Override
    public void close() {
        // The pool belongs to all generations.
    }
}
