package io.cairn.adapter.sql;

import io.cairn.event.StorageException;
import io.cairn.event.StorageException.Kind;
import io.cairn.guard.Breaker;
import io.cairn.guard.Retry;
import io.cairn.model.EmbeddingSpaces;
import io.cairn.model.Embeddings;
import io.cairn.passage.Passages;
import io.cairn.projection.Generations;
import io.cairn.projection.Succession;
import io.cairn.projection.Succession.Place;
import io.cairn.recall.DenseIndex;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Generations of the dense index in PostgreSQL, which all nodes share.
///
/// Every generation is of one embedding space, so that vectors of two models never meet. A node asks the current one of
/// the model that it is to use; if there is none, one of another model goes on to answer if it can run that, until a
/// generation of the new model was built beside it and took over. Whoever changes roles holds the table of
/// generations, and tables are made and dropped in the same transaction.
public final class PgvectorGenerations implements Generations<DenseIndex> {
    private static final System.Logger LOG = System.getLogger(PgvectorGenerations.class.getName());
    private final GuardedPool pool;
    private final Supplier<Passages> passages;
    private final EmbeddingSpaces spaces;
    private final Clock clock;
    private final String wanted;
    private final Map<Integer, Generation<DenseIndex>> opened = new HashMap<>();

    /// The generation that is to take over, as this node last saw it; 0 before it saw any.
    private int building;

    /// A generation as all nodes know it. Each model may have a current one.
    private record Role(int number, String madeOf, Place place) implements Succession.Numbered {
        boolean is(Place other) {
            return place == other;
        }
    }

    private PgvectorGenerations(GuardedPool pool, Supplier<Passages> passages, EmbeddingSpaces spaces, Clock clock) {
        this.pool = pool;
        this.passages = passages;
        this.spaces = spaces;
        this.clock = clock;
        this.wanted = spaces.wanted().space().described();
    }

    /// Connects to the database of a log, and makes there what the index needs.
    ///
    /// @param passages makes those of one generation
    /// @param breaker leaves the database alone when it does not answer
    /// @param retry how questions are asked again
    /// @throws StorageException that says what is missing where pgvector cannot be used
    public static PgvectorGenerations open(
            PostgresSettings settings,
            Supplier<Passages> passages,
            EmbeddingSpaces spaces,
            Clock clock,
            MeterRegistry meters,
            Statements statements,
            Breaker breaker,
            Retry retry) {
        var address = PostgresAddress.of(settings);
        PgvectorSchema.requireKept(spaces.wanted().space());
        PgvectorSchema.migrate(address);
        var pool = new GuardedPool(PostgresPool.dense(address, settings, meters, statements), breaker, retry);
        try {
            var generations = new PgvectorGenerations(pool, passages, spaces, clock);
            generations.choose();
            return generations;
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    /// Goes on with what is there, or begins.
    private void choose() {
        var roles = roles();
        var going = current(roles);
        if (going.isEmpty()) {
            changing("found the dense index", this::first);
            return;
        }
        if (!going.get().madeOf().equals(wanted) && spaces.runs(going.get().madeOf())) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Generation %d of the dense index was made of %s and goes on to answer, though the configuration names %s: `cairn models refresh` builds an index of that, compares both and switches"
                            .formatted(going.get().number(), going.get().madeOf(), wanted));
        }
    }

    /// The current one of the model that is to be used, or of another that has an index that is full: best one that can
    /// be run, and else one that was not given up.
    private Optional<Role> current(List<Role> roles) {
        return roles.stream()
                .filter(role -> role.is(Place.CURRENT) && role.madeOf().equals(wanted))
                .findFirst()
                .or(() -> full(roles).filter(role -> spaces.runs(role.madeOf())).findFirst())
                .or(() ->
                        full(roles).filter(role -> spaces.keeps(role.madeOf())).findFirst());
    }

    /// Current indexes of other models that hold something, the latest first.
    private Stream<Role> full(List<Role> roles) {
        var holding = pool.ask(
                "tell which dense indexes are full",
                session -> Set.copyOf(session.list(
                        "SELECT DISTINCT generation FROM knowledge_checkpoint WHERE units > 0", row -> row.getInt(1))));
        return roles.stream()
                .filter(role ->
                        role.is(Place.CURRENT) && !role.madeOf().equals(wanted) && holding.contains(role.number()))
                .sorted(Comparator.comparing(Role::number).reversed());
    }

    /// One that can be run.
    private Optional<Role> known(Place place) {
        return known(place, roles());
    }

    private Optional<Role> known(Place place, List<Role> roles) {
        return roles.stream()
                .filter(role -> role.is(place) && (role.madeOf().equals(wanted) || spaces.runs(role.madeOf())))
                .max(Comparator.comparing(Role::number));
    }

    private Role answering() {
        return current(roles())
                .orElseThrow(() -> new StorageException(
                        Kind.BUSY,
                        "The dense index is now made by a model that this server does not run; give it the"
                                + " configuration of the node that switched",
                        new IllegalStateException()));
    }

    @Override
    public synchronized Generation<DenseIndex> current() {
        return opened(answering());
    }

    @Override
    public synchronized Optional<Generation<DenseIndex>> next() {
        var next = known(Place.NEXT);
        building = next.map(Role::number).orElse(building);
        return next.map(this::opened);
    }

    /// Made as the current one is, if that answers.
    @Override
    public synchronized Generation<DenseIndex> begin() {
        var made = answering().madeOf();
        return begun(spaces.runs(made) ? made : wanted);
    }

    @Override
    public synchronized Generation<DenseIndex> begin(String other) {
        return begun(spaces.of(other)
                .orElseThrow(() -> new IllegalArgumentException("This server does not run " + other))
                .space()
                .described());
    }

    private Generation<DenseIndex> begun(String madeOf) {
        int kept = answering().number();
        building = changing("begin a generation of the dense index", session -> begin(session, kept, madeOf));
        return opened(new Role(building, madeOf, Place.NEXT));
    }

    @Override
    public synchronized boolean waits() {
        var answering = answering().madeOf();
        return spaces.runs(answering)
                && known(Place.NEXT)
                        .filter(next -> !next.madeOf().equals(answering))
                        .isPresent();
    }

    @Override
    public synchronized void drop() {
        var answering = answering();
        changing("give up a generation of the dense index", session -> {
            var known = succession(session, answering);
            if (known.takeover(building) == Succession.Takeover.DUE) {
                change(session, known, known.withoutNext());
            }
            return building;
        });
    }

    @Override
    public synchronized Optional<String> former() {
        return known(Place.FORMER).map(Role::madeOf);
    }

    @Override
    public synchronized Optional<String> noWayBack() {
        return known(Place.FORMER).isPresent()
                ? Optional.empty()
                : Optional.of(
                        "There is no former generation of the dense index whose model this server can run: one is kept"
                                + " after a switch, until the next rebuild begins");
    }

    @Override
    public synchronized Generation<DenseIndex> revive() {
        var answering = answering();
        var revived = changing("take back a generation of the dense index", session -> revive(session, answering))
                .orElseThrow(
                        () -> new IllegalStateException(noWayBack().orElse("The former generation was just given up")));
        building = revived.number();
        return opened(revived);
    }

    @Override
    public synchronized boolean promote() {
        var answering = answering();
        return changing("switch to a generation of the dense index", session -> promote(session, answering));
    }

    @Override
    public synchronized void close() {
        pool.close();
    }

    private int first(SqlSession session) throws SQLException {
        var found = session.first(
                "SELECT number FROM knowledge_generation WHERE made_of = ? AND role = 'current'",
                row -> row.getInt(1),
                wanted);
        if (found.isPresent()) {
            // Another node was faster.
            return found.get();
        }
        int made = make(session, Place.CURRENT, wanted);
        show(session, made);
        return made;
    }

    /// Gives up all others but the current one.
    private int begin(SqlSession session, int kept, String madeOf) throws SQLException {
        requireCurrent(session, kept);
        session.update("DROP VIEW IF EXISTS knowledge_base");
        for (var number : session.list(
                "DELETE FROM knowledge_generation WHERE number <> ? RETURNING number", row -> row.getInt(1), kept)) {
            session.update("DROP TABLE " + PgvectorTable.name(number));
        }
        show(session, kept);
        return make(session, Place.NEXT, madeOf);
    }

    private static void requireCurrent(SqlSession session, int number) throws SQLException {
        var current = session.first(
                "SELECT number FROM knowledge_generation WHERE number = ? AND role = 'current'",
                row -> row.getInt(1),
                number);
        if (current.isEmpty()) {
            throw new StorageException(
                    Kind.BUSY,
                    "Another node has switched from generation %d of the dense index meanwhile".formatted(number),
                    new IllegalStateException());
        }
    }

    private Optional<Role> revive(SqlSession session, Role answering) throws SQLException {
        var known = succession(session, answering);
        if (known.noWayBack().isPresent()) {
            return Optional.empty();
        }
        change(session, known, known.goingBack());
        return known.former();
    }

    /// @return whether the generation has taken over, by this node's doing or another's
    private boolean promote(SqlSession session, Role answering) throws SQLException {
        var known = succession(session, answering);
        return switch (known.takeover(building)) {
            case DONE -> true;
            case OFF ->
                throw new StorageException(
                        Kind.BUSY,
                        "Generation %d of the dense index, which was to take over, was given up by another node"
                                .formatted(building),
                        new IllegalStateException());
            case DUE -> {
                requireCurrent(session, answering.number());
                if (!hasReached(session, answering.number())) {
                    yield false;
                }
                change(session, known, known.promoted());
                show(session, building);
                yield true;
            }
        };
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

    private int make(SqlSession session, Place place, String madeOf) throws SQLException {
        int number = session.first(
                        "INSERT INTO knowledge_generation (made_of, role) VALUES (?, ?) RETURNING number",
                        row -> row.getInt(1),
                        madeOf,
                        written(place))
                .orElseThrow();
        table(number, made(madeOf)).create(session);
        return number;
    }

    /// Lets people who look into the database find the generation that answers under one name.
    private void show(SqlSession session, int number) throws SQLException {
        session.update("DROP VIEW IF EXISTS knowledge_base");
        session.update("CREATE VIEW knowledge_base AS SELECT * FROM " + PgvectorTable.name(number));
    }

    private List<Role> roles() {
        var roles = pool.ask("tell the generations of the dense index", PgvectorGenerations::read);
        opened.keySet().retainAll(roles.stream().map(Role::number).toList());
        return roles;
    }

    private static List<Role> read(SqlSession session) throws SQLException {
        return session.list(
                "SELECT number, made_of, role FROM knowledge_generation",
                row -> new Role(
                        row.getInt(1),
                        row.getString(2),
                        Place.valueOf(row.getString(3).toUpperCase(Locale.ROOT))));
    }

    /// The generations as this node sees them, while no other can change them. What it last saw on its way may answer
    /// by now.
    private Succession<Role> succession(SqlSession session, Role answering) throws SQLException {
        var roles = read(session);
        return Succession.of(
                roles.stream()
                        .filter(role -> role.is(Place.CURRENT)
                                && (role.number() == building || role.number() == answering.number()))
                        .max(Comparator.comparing(role -> role.number() == building)),
                known(Place.NEXT, roles),
                known(Place.FORMER, roles));
    }

    /// Notes the places that change, and drops the tables of what was given up.
    private static void change(SqlSession session, Succession<Role> before, Succession<Role> after)
            throws SQLException {
        for (var gone : before.givenUpBy(after)) {
            session.update("DELETE FROM knowledge_generation WHERE number = ?", gone.number());
            session.update("DROP TABLE " + PgvectorTable.name(gone.number()));
        }
        for (var place : Place.values()) {
            var role = after.at(place).filter(found -> !found.is(place));
            if (role.isPresent()) {
                session.update(
                        "UPDATE knowledge_generation SET role = ? WHERE number = ?",
                        written(place),
                        role.get().number());
            }
        }
    }

    private static String written(Place place) {
        return place.name().toLowerCase(Locale.ROOT);
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

    private Generation<DenseIndex> opened(Role role) {
        return opened.computeIfAbsent(role.number(), number -> open(role));
    }

    private Generation<DenseIndex> open(Role role) {
        int number = role.number();
        var embeddings = made(role.madeOf());
        var checkpoints = new PgvectorCheckpoints(number, pool, clock);
        return new Generation<>(
                number,
                new PgvectorDenseIndex(table(number, embeddings), checkpoints, pool, passages.get(), embeddings));
    }

    private Embeddings made(String madeOf) {
        return spaces.orAbsent(madeOf);
    }

    private static PgvectorTable table(int number, Embeddings embeddings) {
        return new PgvectorTable(number, embeddings.space().dimensions());
    }
}
