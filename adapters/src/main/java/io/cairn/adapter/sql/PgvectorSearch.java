package io.cairn.adapter.sql;

import io.cairn.passage.PassageRef;
import io.cairn.passage.PassageRefs;
import io.cairn.recall.Candidate;
import io.cairn.tenant.Tenant;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/// The nearest passages of one generation, by comparing all that match or by walking the graph.
///
/// The graph knows nothing of tenants and filters: what it finds and does not match is passed over, and the walk goes
/// on from there. To find `k` of `m` matching passages among `n`, about `k · n / m` are looked at; comparing all that
/// match takes `m`. So the graph is worth it beyond `m = √(k · n)`, and nowhere near as long as few match.
///
/// @param passages of all tenants
record PgvectorSearch(PgvectorTable table, long passages) {
    /// The settings of connections that search. Plans are made for the filters' values, and walks go on until enough
    /// passages match. Just-in-time compilation is off: a plan that must not sort counts as so expensive that the
    /// server would compile it, which takes ten times as long as the search.
    static final String OPTIONS = " -c plan_cache_mode=force_custom_plan -c hnsw.iterative_scan=relaxed_order"
            + " -c hnsw.scan_mem_multiplier=8 -c jit=off";

    /// Up to this many matching passages are compared one by one, however many others there are.
    private static final int EXACT_MIN = 5_000;

    /// How many times as many candidates are fetched as wanted: the graph's order is only nearly that of the distances.
    private static final int OVER_FETCH = 2;

    private static final int WALK_MIN = 100;

    /// The most candidates that pgvector keeps during a walk.
    private static final int WALK_MAX = 1_000;

    /// How many times further than expected a walk may go: passages that match may lie together, far from the query.
    private static final int PATIENCE = 4;

    List<Candidate> nearest(SqlSession session, PgvectorFilter filter, float[] vector, int candidatesMax, boolean exact)
            throws SQLException {
        return !exact && walks(session, filter, candidatesMax)
                ? walk(session, filter, vector, candidatesMax)
                : compare(session, filter, vector, candidatesMax);
    }

    /// Whether a search would walk the graph. It counts matching passages only until that is decided.
    boolean walks(SqlSession session, PgvectorFilter filter, int candidatesMax) throws SQLException {
        if (!table.hasGraph()) {
            return false;
        }
        long exactMax = exactMax(candidatesMax);
        return session.first(
                                "SELECT count(*) FROM (SELECT FROM %s WHERE %s LIMIT ?) matching"
                                        .formatted(table.name(), filter.condition()),
                                row -> row.getLong(1),
                                filter.between(List.of(), exactMax + 1))
                        .orElse(0L)
                > exactMax;
    }

    private long exactMax(int candidatesMax) {
        return Math.max(EXACT_MIN, (long) Math.sqrt((double) fetched(candidatesMax) * passages));
    }

    private static int fetched(int candidatesMax) {
        return Math.clamp((long) candidatesMax * OVER_FETCH, WALK_MIN, WALK_MAX);
    }

    private List<Candidate> compare(SqlSession session, PgvectorFilter filter, float[] vector, int candidatesMax)
            throws SQLException {
        // OFFSET 0 keeps the planner from using the graph for the order.
        return candidates(
                session,
                """
                SELECT ref, 1 - distance FROM (
                    SELECT ref, id, embedding <=> ?::real[]::vector AS distance FROM %s WHERE %s OFFSET 0
                ) near ORDER BY distance, id LIMIT ?
                """.formatted(table.name(), filter.condition()),
                filter.between(List.of(vector), candidatesMax));
    }

    List<Candidate> compare(SqlSession session, Tenant tenant, float[] vector, Collection<PassageRef> passages)
            throws SQLException {
        return candidates(session, """
            SELECT ref, 1 - (embedding <=> ?::real[]::vector) AS cosine FROM %s
            WHERE tenant = ? AND id = ANY (?::text[]) ORDER BY cosine DESC, id
            """.formatted(table.name()), new Object[] {
            vector, tenant.id(), passages.stream().map(PassageRef::id).toArray(String[]::new)
        });
    }

    List<Candidate> walk(SqlSession session, PgvectorFilter filter, float[] vector, int candidatesMax)
            throws SQLException {
        int fetched = fetched(candidatesMax);
        // This holds until the transaction ends. The planner's statistics may be missing or old, but here it
        // is known that many passages match. A plan without sorting has to use the graph.
        session.first(
                "SELECT set_config('hnsw.ef_search', ?, true), set_config('hnsw.max_scan_tuples', ?, true),"
                        + " set_config('enable_sort', 'off', true)",
                row -> row.getString(1),
                Integer.toString(fetched),
                Long.toString(PATIENCE * exactMax(candidatesMax)));
        // + 0 makes the server sort: without it the planner takes the graph's order for that of the distances.
        return candidates(
                session,
                """
                SELECT ref, 1 - distance FROM (
                    SELECT ref, id, embedding <=> ?::real[]::vector AS distance FROM %s WHERE %s
                    ORDER BY %s <=> ?::real[]::%s LIMIT ?
                ) near ORDER BY distance + 0, id LIMIT ?
                """.formatted(table.name(), filter.condition(), table.indexed(), table.indexedType()),
                filter.between(List.of(vector), vector, fetched, candidatesMax));
    }

    private static List<Candidate> candidates(SqlSession session, String sql, Object[] arguments) throws SQLException {
        return session.list(
                sql, row -> new Candidate(PassageRefs.decode(row.getBytes(1)), row.getDouble(2)), arguments);
    }
}
