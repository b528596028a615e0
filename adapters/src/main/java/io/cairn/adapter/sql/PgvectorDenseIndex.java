package io.cairn.adapter.sql;

import io.cairn.event.Event;
import io.cairn.lease.Lease;
import io.cairn.model.Embeddings;
import io.cairn.passage.NetChanges;
import io.cairn.passage.PassageRef;
import io.cairn.passage.Passages;
import io.cairn.recall.Candidate;
import io.cairn.recall.DenseIndex;
import io.cairn.recall.Filters;
import io.cairn.recall.PassageVectors;
import io.cairn.tenant.Tenant;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// One generation of the vectors in PostgreSQL, which all nodes share: in each partition the holder of its lease
/// applies, and all read.
final class PgvectorDenseIndex implements DenseIndex {
    // Passages and checkpoint commit in one transaction, once the vectors are there. It begins by moving the
    // checkpoint, whose row it holds until the end, so that of a stale holder and its successor the second waits for
    // the first instead of inserting beside it. Its last statement before the commit is the fence: it shares the lock
    // of the lease's row, if that still has the token under which this node applies. So a lease that has gone to
    // another leaves nothing of the batch, and one that is about to go waits for that commit, but never for the
    // vectors: what grants it also holds the partition's head.

    private final PgvectorTable table;
    private final PgvectorCheckpoints checkpoints;
    private final GuardedPool pool;
    private final Passages passages;
    private final Embeddings embeddings;

    /// Under which this node applies, by partition; none where it is the only one.
    private final Map<Integer, Lease> leases = new ConcurrentHashMap<>();

    /// @param passages for this index alone
    /// @param pool closed by whoever opened it
    PgvectorDenseIndex(
            PgvectorTable table,
            PgvectorCheckpoints checkpoints,
            GuardedPool pool,
            Passages passages,
            Embeddings embeddings) {
        this.table = table;
        this.checkpoints = checkpoints;
        this.pool = pool;
        this.passages = passages;
        this.embeddings = embeddings;
    }

    @Override
    public Embeddings embeddings() {
        return embeddings;
    }

    @Override
    public void under(Lease lease) {
        checkpoints.look();
        leases.put(lease.partition(), lease);
    }

    @Override
    public void apply(int partition, List<Event> events, long to) {
        var changes = NetChanges.of(events.stream()
                .flatMap(event -> passages.changes(event).stream())
                .toList());
        var vectors = PassageVectors.of(changes.passages(), embeddings);
        pool.transaction("keep passages with their vectors", session -> {
            checkpoints.move(session, partition, to);
            checkpoints.count(session, partition, table.change(session, changes, vectors));
            var lease = leases.get(partition);
            if (lease != null) {
                PgvectorCheckpoints.fence(session, lease);
            }
            commit(session);
            return to;
        });
        checkpoints.committed(partition, to);
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
                .map(filter -> pool.ask(
                        "search vectors", session -> search().nearest(session, filter, vector, candidatesMax, exact)))
                .orElse(List.of());
    }

    @Override
    public List<Candidate> compare(Tenant tenant, float[] vector, Collection<PassageRef> passages) {
        embeddings.space().check(vector);
        return pool.ask("compare vectors", session -> search().compare(session, tenant, vector, passages));
    }

    @Override
    public boolean approximates(Tenant tenant, Filters filters) {
        return PgvectorFilter.of(tenant, filters)
                .map(filter -> pool.ask("count passages", session -> search().walks(session, filter, 1)))
                .orElse(false);
    }

    private PgvectorSearch search() {
        return new PgvectorSearch(table, passages());
    }

    @Override
    public long passages() {
        return checkpoints.units();
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
        return checkpoints.position(partition);
    }

    @Override
    public long visible(int partition) {
        return checkpoints.gone() ? 0 : applied(partition);
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
