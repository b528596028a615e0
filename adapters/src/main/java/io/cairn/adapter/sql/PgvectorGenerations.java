package io.cairn.adapter.sql;

import io.cairn.event.StorageException;
import io.cairn.event.StorageException.Kind;
import io.cairn.guard.Breaker;
import io.cairn.guard.Retry;
import io.cairn.model.EmbeddingSpace;
import io.cairn.model.Embeddings;
import io.cairn.model.ModelChange;
import io.cairn.passage.Passages;
import io.cairn.projection.Generations;
import io.cairn.recall.DenseIndex;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Generations of the dense index in PostgreSQL, which all nodes share.
///
/// Every embedding space has generations of its own. A node asks for those of its model, so that vectors of two models
/// never meet, not even while some nodes already run the new one. Whoever changes roles holds the table of generations,
/// and tables are made and dropped in the same transaction.
public final class PgvectorGenerations implements Generations<DenseIndex> {
    private static final String CURRENT = "current";
    private static final String NEXT = "next";
    private static final String FORMER = "former";

    private final GuardedPool pool;
    private final Supplier<Passages> passages;
    private final Embeddings embeddings;
    private final Clock clock;
    private final String madeOf;
    private final Map<Integer, Generation<DenseIndex>> opened = new HashMap<>();

    /// The generation that is to take over, as this node last saw it; 0 before it saw any.
    private int building;

    private PgvectorGenerations(GuardedPool pool, Supplier<Passages> passages, Embeddings embeddings, Clock clock) {
        this.pool = pool;
        this.passages = passages;
        this.embeddings = embeddings;
        this.clock = clock;
        this.madeOf = madeOf(embeddings.space());
    }

    /// Connects to the database of a log, and makes there what the index needs.
    ///
    /// @param passages makes those of one generation
    /// @param change says whether another model may begin where one has an index that is full
    /// @param breaker leaves the database alone when it does not answer
    /// @param retry how questions are asked again
    /// @throws StorageException that says what is missing where pgvector cannot be used
    public static PgvectorGenerations open(
            PostgresSettings settings,
            Supplier<Passages> passages,
            Embeddings embeddings,
            ModelChange change,
            Clock clock,
            MeterRegistry meters,
            Statements statements,
            Breaker breaker,
            Retry retry) {
        var address = PostgresAddress.of(settings);
        PgvectorSchema.requireIndexable(embeddings.space());
        PgvectorSchema.migrate(address);
        var pool = new GuardedPool(PostgresPool.dense(address, settings, meters, statements), breaker, retry);
        try {
            var generations = new PgvectorGenerations(pool, passages, embeddings, clock);
            generations.requireAllowed(change);
            generations.current();
            return generations;
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    /// Refuses to begin where the current index of another model is full, unless that was given up.
    private void requireAllowed(ModelChange change) {
        var left = pool.ask(
                "tell the models of the dense index",
                session -> session.list("""
                        SELECT made_of FROM knowledge_generation other
                        WHERE role = 'current' AND made_of <> ?
                        AND NOT EXISTS (SELECT 1 FROM knowledge_generation WHERE made_of = ?)
                        AND EXISTS (SELECT 1 FROM knowledge_checkpoint WHERE generation = other.number AND units > 0)
                        ORDER BY number DESC
                        """, row -> row.getString(1), madeOf, madeOf));
        left.stream().findFirst().ifPresent(change::require);
    }

    private static String madeOf(EmbeddingSpace space) {
        return "%s@%s, %d dimensions".formatted(space.model(), space.fingerprint(), space.dimensions());
    }

    @Override
    public synchronized Generation<DenseIndex> current() {
        var current = roles().get(CURRENT);
        return opened(current == null ? changing("found the dense index", this::first) : current);
    }

    @Override
    public synchronized Optional<Generation<DenseIndex>> next() {
        var next = roles().get(NEXT);
        building = next == null ? building : next;
        return Optional.ofNullable(next).map(this::opened);
    }

    @Override
    public synchronized Generation<DenseIndex> begin() {
        building = changing("begin a generation of the dense index", this::begin);
        return opened(building);
    }

    @Override
    public synchronized Optional<String> noWayBack() {
        return roles().containsKey(FORMER)
                ? Optional.empty()
                : Optional.of(
                        "There is no former generation of the dense index that is made of %s: one is kept after a switch, until the next rebuild begins"
                                .formatted(madeOf));
    }

    @Override
    public synchronized Generation<DenseIndex> revive() {
        building = changing("take back a generation of the dense index", this::revive)
                .orElseThrow(
                        () -> new IllegalStateException(noWayBack().orElse("The former generation was just given up")));
        return opened(building);
    }

    @Override
    public synchronized boolean promote() {
        return changing("switch to a generation of the dense index", this::promote);
    }

    @Override
    public synchronized void close() {
        pool.close();
    }

    private int first(SqlSession session) throws SQLException {
        var found = roles(session).get(CURRENT);
        if (found != null) {
            // Another node was faster.
            return found;
        }
        int made = make(session, CURRENT);
        show(session, made);
        return made;
    }

    /// Gives up all others but the current one, those of other spaces too.
    private int begin(SqlSession session) throws SQLException {
        int kept = roles(session).getOrDefault(CURRENT, 0);
        session.update("DROP VIEW IF EXISTS knowledge_base");
        for (var number : session.list(
                "DELETE FROM knowledge_generation WHERE number <> ? RETURNING number", row -> row.getInt(1), kept)) {
            session.update("DROP TABLE " + table(number).name());
        }
        if (kept != 0) {
            show(session, kept);
        }
        return make(session, NEXT);
    }

    private Optional<Integer> revive(SqlSession session) throws SQLException {
        return session.first(
                "UPDATE knowledge_generation SET role = 'next' WHERE made_of = ? AND role = 'former' RETURNING number",
                row -> row.getInt(1),
                madeOf);
    }

    /// @return whether the generation has taken over, by this node's doing or another's
    private boolean promote(SqlSession session) throws SQLException {
        var roles = roles(session);
        if (roles.getOrDefault(CURRENT, 0) == building) {
            // Another node was faster.
            return true;
        }
        if (roles.getOrDefault(NEXT, 0) != building) {
            throw new StorageException(
                    Kind.BUSY,
                    "Generation %d of the dense index, which was to take over, was given up by another node"
                            .formatted(building),
                    new IllegalStateException());
        }
        if (!hasReached(session, roles.getOrDefault(CURRENT, 0))) {
            return false;
        }
        session.update(
                "UPDATE knowledge_generation SET role = CASE WHEN number = ? THEN 'current' ELSE 'former' END"
                        + " WHERE made_of = ? AND (number = ? OR role = 'current')",
                building,
                madeOf,
                building);
        show(session, building);
        return true;
    }

    /// Whether what is built is as far as the current generation, which goes no further until the transaction ends.
    private boolean hasReached(SqlSession session, int current) throws SQLException {
        return session.list("""
            SELECT coalesce(built.position, 0) >= seen.position FROM knowledge_checkpoint seen
            LEFT JOIN knowledge_checkpoint built
                ON built.generation = ? AND built.partition = seen.partition
            WHERE seen.generation = ? FOR UPDATE OF seen
            """, row -> row.getBoolean(1), building, current).stream()
                .allMatch(reached -> reached);
    }

    private int make(SqlSession session, String role) throws SQLException {
        int number = session.first(
                        "INSERT INTO knowledge_generation (made_of, role) VALUES (?, ?) RETURNING number",
                        row -> row.getInt(1),
                        madeOf,
                        role)
                .orElseThrow();
        table(number).create(session);
        return number;
    }

    /// Lets people who look into the database find the generation that answers under one name.
    private void show(SqlSession session, int number) throws SQLException {
        session.update("DROP VIEW IF EXISTS knowledge_base");
        session.update(
                "CREATE VIEW knowledge_base AS SELECT * FROM " + table(number).name());
    }

    private Map<String, Integer> roles(SqlSession session) throws SQLException {
        record Role(String name, int number) {}
        return session
                .list(
                        "SELECT role, number FROM knowledge_generation WHERE made_of = ?",
                        row -> new Role(row.getString(1), row.getInt(2)),
                        madeOf)
                .stream()
                .collect(Collectors.toMap(Role::name, Role::number));
    }

    private Map<String, Integer> roles() {
        var roles = pool.ask("tell the generations of the dense index", this::roles);
        opened.keySet().retainAll(roles.values());
        return roles;
    }

    /// Nodes take turns; readers of the roles do not wait.
    private <T> T changing(String what, GuardedPool.Work<T> change) {
        return pool.making(what, session -> {
            session.update("LOCK TABLE knowledge_generation IN SHARE ROW EXCLUSIVE MODE");
            var changed = change.on(session);
            session.dialect().commit(session);
            return changed;
        });
    }

    private Generation<DenseIndex> opened(int number) {
        return opened.computeIfAbsent(number, this::open);
    }

    private Generation<DenseIndex> open(int number) {
        var checkpoints = new PgvectorCheckpoints(number, pool, clock);
        return new Generation<>(
                number, new PgvectorDenseIndex(table(number), checkpoints, pool, passages.get(), embeddings));
    }

    private PgvectorTable table(int number) {
        return new PgvectorTable(number, embeddings.space().dimensions());
    }
}
