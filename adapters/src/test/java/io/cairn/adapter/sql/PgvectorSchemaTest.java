package io.cairn.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.StorageException;
import io.cairn.model.EmbeddingMeter;
import io.cairn.model.EmbeddingModel;
import io.cairn.model.EmbeddingSpace;
import io.cairn.model.EmbeddingSpaces;
import io.cairn.model.Embeddings;
import io.cairn.model.VectorStore;
import io.cairn.passage.Passages;
import io.cairn.projection.Generations;
import io.cairn.recall.DenseIndex;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What is said where pgvector cannot be used.
class PgvectorSchemaTest {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @BeforeEach
    void empty() {
        DATABASE.bare();
        DATABASE.execute("DROP SCHEMA IF EXISTS fake CASCADE; CREATE SCHEMA fake");
    }

    @Test
    void aLogWithoutItHasNoneOfItsTables() {
        PostgresLogStorage.open(DATABASE.settings()).close();

        assertThat(DATABASE.number("SELECT count(*)::int FROM pg_class WHERE relname LIKE 'knowledge%'"))
                .isZero();
        assertThat(DATABASE.number("SELECT count(*)::int FROM pg_extension WHERE extname = 'vector'"))
                .isZero();
    }

    @Test
    void itIsMadeBesideALogAndTheLogStillOpens() {
        PostgresLogStorage.open(DATABASE.settings()).close();
        migrate("");
        migrate("");

        PostgresLogStorage.open(DATABASE.settings()).close();
        assertThat(DATABASE.number("SELECT count(*)::int FROM knowledge_generation"))
                .isZero();
    }

    /// What is not listed here as derived would have to be carried by a copy and a backup.
    @Test
    void everyTableOfItIsKnownAsDerived() {
        PostgresLogStorage.open(DATABASE.settings()).close();
        migrate("");

        assertThat(DATABASE.number("""
            SELECT count(*)::int FROM pg_class
            WHERE relkind = 'r' AND relname LIKE 'knowledge%' AND relname !~ '^knowledge_base_[0-9]+$'
            AND relname NOT IN ('knowledge_generation', 'knowledge_checkpoint', 'knowledge_schema_history')
            """)).isZero();
        assertThat(DATABASE.number("SELECT count(*)::int FROM pg_class WHERE relname LIKE 'knowledge%'"))
                .isPositive();
    }

    @Test
    void aFullIndexOfAModelThatIsGoneStaysUntilItIsGivenUp() {
        PostgresLogStorage.open(DATABASE.settings()).close();
        assertThat(open(8, Optional.empty())).isEqualTo(1);
        assertThat(open(16, Optional.empty())).as("in place of an empty one").isEqualTo(2);
        DATABASE.execute("DELETE FROM knowledge_generation WHERE number > 1; DROP VIEW knowledge_base");
        DATABASE.execute(
                "INSERT INTO knowledge_checkpoint (generation, partition, position, units) VALUES (1, 0, 3, 2)");

        try (var opened = generations(16, Optional.empty())) {
            var kept = opened.current();
            assertThat(kept.number()).isEqualTo(1);
            assertThat(kept.projection().rests()).isTrue();
            assertThat(kept.projection().embeddings().described()).isEqualTo(space(8).described());
            assertThat(opened.begin().projection().embeddings().space()).isEqualTo(space(16));
            assertThat(opened.waits())
                    .as("what can be asked takes over by itself")
                    .isFalse();
        }
        assertThat(open(8, Optional.empty())).isEqualTo(1);
        int begun = open(16, Optional.of(space(8).model()));
        assertThat(begun).isGreaterThan(1);
        assertThat(open(16, Optional.empty())).isEqualTo(begun);
    }

    private static EmbeddingSpace space(int dimensions) {
        return EmbeddingModel.inMemory(dimensions).space();
    }

    private static int open(int dimensions, Optional<String> replaced) {
        try (var opened = generations(dimensions, replaced)) {
            return opened.current().number();
        }
    }

    private static Generations<DenseIndex> generations(int dimensions, Optional<String> replaced) {
        var embeddings = new Embeddings(
                EmbeddingModel.inMemory(dimensions),
                VectorStore.inMemory(),
                tenant -> new byte[32],
                EmbeddingMeter.none(),
                Embeddings.Settings.DEFAULT);
        return DATABASE.pgvector(() -> new Passages(List.of()), new EmbeddingSpaces(embeddings, List.of(), replaced));
    }

    @Test
    void nodesThatStartAtOnceMakeItOnce() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Void> start = () -> {
                migrate("");
                return null;
            };
            for (var done : threads.invokeAll(Collections.nCopies(4, start))) {
                done.get();
            }
        }
    }

    @Test
    void aServerWithoutThePackageIsNamed() {
        DATABASE.execute("CREATE VIEW fake.pg_available_extensions AS"
                + " SELECT * FROM pg_catalog.pg_available_extensions WHERE name <> 'vector'");

        assertThatThrownBy(() -> migrate("fake,public,pg_catalog"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("has no pgvector: install the package")
                .hasMessageContaining("or set cairn.recall.dense to lucene");
    }

    @Test
    void anOldVersionIsNamed() {
        DATABASE.execute(
                "CREATE VIEW fake.pg_extension AS SELECT 'vector'::name AS extname, '0.7.4'::text AS extversion");

        assertThatThrownBy(() -> migrate("fake,public,pg_catalog"))
                .hasMessageContaining("has pgvector 0.7.4")
                .hasMessageContaining("ALTER EXTENSION vector UPDATE");
    }

    @Test
    void aRoleThatMayNotMakeTheExtensionIsTold() {
        DATABASE.execute("DROP ROLE IF EXISTS cairn_dense; CREATE ROLE cairn_dense LOGIN PASSWORD 'plain';"
                + " DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION cairn_dense");
        try {
            var plain = PostgresAddress.of(PostgresSettings.of(DATABASE.url(), "cairn_dense", "plain"));

            assertThatThrownBy(() -> PgvectorSchema.migrate(plain))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("have a superuser run CREATE EXTENSION vector");

            DATABASE.execute("CREATE EXTENSION vector");
            PgvectorSchema.migrate(plain);
            assertThat(DATABASE.number("SELECT count(*)::int FROM knowledge_generation"))
                    .isZero();
        } finally {
            DATABASE.execute("DROP OWNED BY cairn_dense CASCADE; DROP ROLE cairn_dense;"
                    + " CREATE SCHEMA IF NOT EXISTS public");
        }
    }

    @Test
    void aServerThatOnlyReadsIsNamed() {
        assertThatThrownBy(() -> migrateWith("options=-c%20default_transaction_read_only=on"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("only reads");
    }

    @Test
    void anExtensionOffTheSearchPathIsNamed() {
        DATABASE.execute("CREATE EXTENSION vector SCHEMA fake");

        assertThatThrownBy(() -> migrate("public")).hasMessageContaining("in a schema that is not on the search path");
        migrate("public,fake");
    }

    @Test
    void vectorsThatAreTooLongForATableAreRefused() {
        assertThatThrownBy(() -> PgvectorSchema.requireKept(new EmbeddingSpace("huge", "00000001", 16_001, true)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("up to 16,000 dimensions, and those of huge have 16,001");
    }

    private static void migrate(String searchPath) {
        migrateWith(searchPath.isEmpty() ? "" : "currentSchema=" + searchPath);
    }

    private static void migrateWith(String parameter) {
        var url = DATABASE.url() + (DATABASE.url().contains("?") ? "&" : "?") + parameter;
        PgvectorSchema.migrate(PostgresAddress.of(PostgresSettings.of(
                url, DATABASE.server().user(), DATABASE.server().password())));
    }
}
