package io.cairn.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cairn.event.StorageException;
import io.cairn.model.EmbeddingMeter;
import io.cairn.model.EmbeddingModel;
import io.cairn.model.EmbeddingSpaces;
import io.cairn.model.Embeddings;
import io.cairn.model.VectorStore;
import io.cairn.passage.Passages;
import io.cairn.projection.Generations;
import io.cairn.recall.DenseFollowingContract;
import io.cairn.recall.DenseGenerationsContract;
import io.cairn.recall.DenseIndex;
import io.cairn.recall.DenseIndexFixture;
import io.cairn.recall.DensePlace;
import io.cairn.recall.DenseSearchContract;
import io.cairn.recall.Filters;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A dense index that several nodes share, each with generations and connections of its own. Who applies is settled
/// elsewhere.
class PgvectorDenseIndexTest {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    /// The database, which is empty when a test first opens it.
    private static final class Place implements DensePlace {
        private boolean emptied;

        @Override
        public Generations<DenseIndex> open(Supplier<Passages> passages, Embeddings embeddings) {
            if (!emptied) {
                DATABASE.emptied();
                emptied = true;
            }
            return DATABASE.pgvector(passages, embeddings);
        }

        /// A process of PostgreSQL that rests tells what it has counted after ten seconds.
        @Override
        public void requireThatTheGraphWasWalked() {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> DATABASE.number("SELECT idx_scan::int FROM pg_stat_user_indexes WHERE indexrelname ="
                                    + " 'knowledge_base_1_embedding'")
                            > 20);
        }
    }

    @Nested
    class Search extends DenseSearchContract {
        Search() {
            super(new Place());
        }
    }

    @Nested
    class Following extends DenseFollowingContract {
        Following() {
            super(new Place());
        }
    }

    @Nested
    class Switching extends DenseGenerationsContract {
        Switching() {
            super(new Place());
        }
    }

    @Nested
    class SharedByNodes extends DenseIndexFixture {
        SharedByNodes() {
            super(new Place());
        }

        @Test
        void aCrashInTheMidstOfABatchKeepsNothingOfIt() {
            say(ACME, "chat", "Ana", "The red bicycle is in the cellar.");
            follow();
            put(ACME, "guide", "Bicycles are oiled in spring.", List.of());
            say(ACME, "chat", "Ana", "The blue bicycle is in the attic.");
            DATABASE.execute("""
                CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;
                CREATE TRIGGER die BEFORE UPDATE OF units ON knowledge_checkpoint
                FOR EACH ROW WHEN (NEW.units <> OLD.units) EXECUTE FUNCTION die()
                """);

            assertThatThrownBy(this::follow).isInstanceOf(StorageException.class);

            assertThat(checkpoint()).isEqualTo(1);
            assertThat(rows()).isEqualTo(1);
            DATABASE.execute("DROP TRIGGER die ON knowledge_checkpoint");
            follow();
            assertThat(rows()).isEqualTo(3);
            await().untilAsserted(() -> assertThat(current().passages()).isEqualTo(3));
        }

        /// So that its stream is parked, instead of everything waiting for it.
        @Test
        void whatTheDatabaseCannotHoldIsTheEventsFault() {
            say(ACME, "chat", "Ana", "The red bicycle is in the cellar.");
            DATABASE.execute("""
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'unsupported' USING ERRCODE = '22P05'; END $$;
                CREATE TRIGGER refuse BEFORE INSERT ON knowledge_base_1 FOR EACH ROW EXECUTE FUNCTION refuse()
                """);

            assertThatThrownBy(this::follow)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("PostgreSQL could not keep passages with their vectors");
            assertThat(current().applied(0)).isZero();
        }

        @Test
        void aSwitchCountsForAllNodes() {
            say(ACME, "chat", "Ana", "The red bicycle is in the cellar.");
            follow();
            try (var other = open()) {
                var begun = generations().begin();
                assertThat(other.next())
                        .hasValueSatisfying(next -> assertThat(next.number()).isEqualTo(begun.number()));
                follow(begun.projection());
                generations().promote();

                assertThat(other.current().number()).isEqualTo(begun.number());
                assertThat(other.next()).isEmpty();
                // It was about to do the same.
                other.promote();
                assertThat(generations().current().number()).isEqualTo(begun.number());
                assertThat(DATABASE.number("SELECT count(*)::int FROM knowledge_base"))
                        .isEqualTo(1);
            }
        }

        @Test
        void aGenerationThatAnotherNodeGaveUpCannotTakeOver() {
            say(ACME, "chat", "Ana", "The red bicycle is in the cellar.");
            follow();
            try (var other = open()) {
                var mine = generations().begin();
                other.begin();

                assertThatThrownBy(() -> follow(mine.projection()))
                        .isInstanceOf(StorageException.class)
                        .hasMessageContaining("given up");
                assertThat(mine.projection().visible(0)).isZero();
                assertThatThrownBy(() -> generations().promote())
                        .isInstanceOf(StorageException.class)
                        .hasMessageContaining("given up");
                assertThat(generations().current().number()).isEqualTo(1);
                assertThat(generations().next())
                        .hasValueSatisfying(next -> assertThat(next.number()).isEqualTo(3));
            }
        }

        @Test
        void aGenerationThatIsNotAsFarAsTheCurrentOneDoesNotTakeOver() {
            say(ACME, "chat", "Ana", "The red bicycle is in the cellar.");
            follow();
            var begun = generations().begin();
            follow(begun.projection());
            say(ACME, "chat", "Ana", "The blue bicycle is in the attic.");
            follow();

            assertThat(generations().promote()).isFalse();

            assertThat(generations().current().number()).isEqualTo(1);
            follow(begun.projection());
            assertThat(generations().promote()).isTrue();
            assertThat(generations().current().number()).isEqualTo(2);
        }

        @Test
        void aRollbackThatOneNodeBeginsIsGoneOnWithByAll() {
            switched();
            try (var other = open()) {
                generations().revive();

                assertThat(other.next())
                        .hasValueSatisfying(next -> assertThat(next.number()).isEqualTo(1));
                reopen();
                assertThat(generations().current().number()).isEqualTo(2);
                assertThat(generations().next())
                        .hasValueSatisfying(next -> assertThat(next.number()).isEqualTo(1));
            }
        }

        @Test
        void nodesThatBeginAtOnceLeaveOneGenerationUnderWay() throws Exception {
            try (var other = open();
                    var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var begun = threads.<Generations.Generation<DenseIndex>>invokeAll(
                        List.of(() -> generations().begin(), other::begin));
                for (var one : begun) {
                    assertThat(one.get().number()).isBetween(2, 3);
                }

                assertThat(DATABASE.number(
                                "SELECT count(*)::int FROM pg_tables WHERE tablename LIKE 'knowledge_base_%'"))
                        .isEqualTo(2);
                assertThat(generations().next().orElseThrow().number()).isEqualTo(3);
            }
        }

        @Test
        void spacesNeverMix() {
            say(ACME, "chat", "Ana", "The red bicycle is in the cellar.");
            follow();
            try (var model = embeddings(32);
                    var newer = DATABASE.pgvector(
                            this::passages,
                            new EmbeddingSpaces(
                                    model, List.of(), Optional.of(model.space().model())))) {
                assertThat(newer.current().number()).isEqualTo(2);
                assertThat(newer.current().projection().passages()).isZero();
                assertThat(newer.current().projection().visible(0)).isZero();
                assertThat(newer.noWayBack()).isPresent();

                follow(newer.current().projection());

                assertThat(generations().current().number()).isEqualTo(1);
                assertThat(ids(search(ACME, "bicycle", Filters.NONE))).containsExactly("m/chat/1/0");
                assertThat(newer.current()
                                .projection()
                                .search(ACME, model.query(ACME, "bicycle"), Filters.NONE, 10, true))
                        .hasSize(1);
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {4_001, 16_000})
        void vectorsThatAreTooLongForAGraphAreComparedOneByOne(int dimensions) throws Exception {
            try (var connection = DATABASE.connect();
                    var session = new SqlSession(connection, PostgresDialect.INSTANCE, Statements.uncounted());
                    var model = embeddings(dimensions);
                    var generations = DATABASE.pgvector(this::passages, model)) {
                IntStream.range(0, 20).forEach(i -> say(ACME, "chat", "Ana", "Crate number " + i));
                var index = generations.current().projection();
                follow(index);

                assertThat(ids(index.search(ACME, model.query(ACME, "crate 7"), Filters.NONE, 3, false)))
                        .first()
                        .isEqualTo("m/chat/8/0");
                assertThat(index.approximates(ACME, Filters.NONE)).isFalse();
                // As if the tenant had so many passages that a graph would be walked.
                assertThat(new PgvectorSearch(
                                        new PgvectorTable(generations.current().number(), dimensions),
                                        Long.MAX_VALUE / 2)
                                .walks(
                                        session,
                                        PgvectorFilter.of(ACME, Filters.NONE).orElseThrow(),
                                        10))
                        .isFalse();
            }
        }

        @Test
        void longVectorsAreWalkedInHalfPrecision() throws Exception {
            var random = new Random(7);
            try (var connection = DATABASE.connect();
                    var session = new SqlSession(connection, PostgresDialect.INSTANCE, Statements.uncounted());
                    var model = embeddings(2_500);
                    var generations = DATABASE.pgvector(this::passages, model)) {
                IntStream.range(0, 30)
                        .forEach(i -> say(ACME, "chat", "Ana", "Crate %d %d".formatted(i, random.nextInt())));
                follow(generations.current().projection());
                var vector = model.query(ACME, "crate 7");
                connection.setAutoCommit(false);

                var found = new PgvectorSearch(
                                new PgvectorTable(generations.current().number(), 2_500), 30)
                        .walk(session, PgvectorFilter.of(ACME, Filters.NONE).orElseThrow(), vector, 10);

                assertThat(ids(found))
                        .containsExactlyElementsOf(
                                ids(generations.current().projection().search(ACME, vector, Filters.NONE, 10, true)));
            }
        }

        private Embeddings embeddings(int dimensions) {
            return new Embeddings(
                    EmbeddingModel.inMemory(dimensions),
                    VectorStore.inMemory(),
                    tenant -> new byte[32],
                    EmbeddingMeter.none(),
                    Embeddings.Settings.DEFAULT);
        }

        private static long checkpoint() {
            return DATABASE.number(
                    "SELECT position::int FROM knowledge_checkpoint WHERE generation = 1 AND partition = 0");
        }

        private static long rows() {
            return DATABASE.number("SELECT count(*)::int FROM knowledge_base_1");
        }
    }
}
