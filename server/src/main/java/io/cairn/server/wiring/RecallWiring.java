package io.cairn.server.wiring;

import io.cairn.adapter.file.DataFolder;
import io.cairn.adapter.lucene.FollowedLog;
import io.cairn.adapter.lucene.LuceneDenseIndex;
import io.cairn.adapter.lucene.LuceneGenerations;
import io.cairn.adapter.lucene.LuceneLexicalIndex;
import io.cairn.adapter.sql.PgvectorGenerations;
import io.cairn.adapter.sql.PostgresVectorStore;
import io.cairn.adapter.sql.SqliteVectorStore;
import io.cairn.adapter.sql.Statements;
import io.cairn.event.EventLog;
import io.cairn.event.LogStorage;
import io.cairn.event.StorageException;
import io.cairn.guard.Breaker;
import io.cairn.guard.Loop;
import io.cairn.guard.Retry;
import io.cairn.knowledge.DocumentSource;
import io.cairn.knowledge.Documents;
import io.cairn.lease.Leases;
import io.cairn.memory.ConversationSource;
import io.cairn.model.BreakingVectorStore;
import io.cairn.model.EmbeddingMeter;
import io.cairn.model.EmbeddingSpaces;
import io.cairn.model.VectorStore;
import io.cairn.passage.Passages;
import io.cairn.passage.Source;
import io.cairn.projection.RunningIndex;
import io.cairn.recall.DenseIndex;
import io.cairn.recall.ExactSample;
import io.cairn.recall.HybridRecall;
import io.cairn.recall.LexicalIndex;
import io.cairn.recall.Recall;
import io.cairn.recall.RecallSettings;
import io.cairn.recall.Sweeps;
import io.cairn.recall.VectorSweep;
import io.cairn.refresh.QuerySample;
import io.cairn.server.ops.MicrometerEmbeddingMeter;
import io.cairn.server.ops.Promised;
import io.cairn.server.ops.Sweeper;
import io.cairn.tenant.Tenant;
import io.cairn.text.Chunker;
import io.cairn.text.Language;
import io.cairn.text.LanguageDetector;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The projections that recall reads, and recall itself.
@Configuration(proxyBeanMethods = false)
class RecallWiring {
    private static final Retry.Settings QUICK =
            new Retry.Settings(3, Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofSeconds(1));
    private static final Language DEFAULT_LANGUAGE = new Language("en");

    @Bean
    EmbeddingMeter embeddingMeter(MeterRegistry meters) {
        return new MicrometerEmbeddingMeter(meters);
    }

    @Bean
    VectorStore vectors(
            DataFolder folder,
            CairnSettings settings,
            LogStorage migrated,
            MeterRegistry meters,
            Breaker vectorsBreaker,
            Retry quickRetry) {
        var postgres = settings.store().postgres();
        var statements = Statements.of("vectors", meters, settings.development());
        VectorStore store = postgres.isPresent()
                ? PostgresVectorStore.open(postgres.get(), meters, statements)
                : SqliteVectorStore.open(DataFiles.ownVectors(folder), statements);
        return new BreakingVectorStore(store, vectorsBreaker, quickRetry);
    }

    @Bean
    Breaker vectorsBreaker(CairnSettings settings) {
        return new Breaker(
                "vectors", StorageException.FAILURES, settings.store().breaker().settings(), System::nanoTime);
    }

    /// Of the dense index, where it is another store than the log.
    @Bean
    @ConditionalOnProperty(name = "cairn.recall.dense", havingValue = "pgvector")
    Breaker denseBreaker(CairnSettings settings) {
        return new Breaker(
                "dense", StorageException.FAILURES, settings.store().breaker().settings(), System::nanoTime);
    }

    /// For what a query waits for: a connection that broke is replaced at once, and for longer words can answer alone.
    @Bean
    Retry quickRetry(MeterRegistry meters) {
        return new Retry(
                StorageException.FAILURES,
                QUICK,
                System::nanoTime,
                Thread::sleep,
                meters.counter("db.retries")::increment);
    }

    @Bean
    Source messages(EventLog log, CairnSettings settings) {
        return new ConversationSource(log, new Chunker(settings.chunks().settings()), defaultLanguage(settings));
    }

    @Bean
    Source chunks(Documents documents, CairnSettings settings) {
        return new DocumentSource(documents, new Chunker(settings.chunks().settings()), defaultLanguage(settings));
    }

    private static Function<Tenant, Language> defaultLanguage(CairnSettings settings) {
        var languages = settings.languages();
        return tenant -> languages.getOrDefault(tenant, DEFAULT_LANGUAGE);
    }

    @Bean
    RunningIndex<LexicalIndex> lexical(
            EventLog log,
            List<Source> sources,
            DataFolder folder,
            CairnSettings settings,
            Clock clock,
            MeterRegistry meters) {
        return new RunningIndex<LexicalIndex>(
                        "lexical",
                        log,
                        new LuceneGenerations<>(
                                DataFiles.index(folder, "lexical"),
                                LuceneLexicalIndex.MADE_OF,
                                FollowedLog.of(log),
                                at -> new LuceneLexicalIndex(
                                        at, new Passages(sources).countedBy(counter(meters, "lexical")))),
                        settings.projections().settings(),
                        clock)
                .start();
    }

    @Bean
    RunningIndex<DenseIndex> dense(
            EventLog log,
            List<Source> sources,
            EmbeddingSpaces spaces,
            DataFolder folder,
            CairnSettings settings,
            ObjectProvider<Leases> leases,
            Clock clock,
            MeterRegistry meters,
            @Qualifier("denseBreaker") ObjectProvider<Breaker> breaker,
            Retry quickRetry) {
        Supplier<Passages> passages = () -> new Passages(sources).countedBy(counter(meters, "dense"));
        var follows = settings.projections().denseSettings();
        var host = switch (settings.recall().dense()) {
            case LUCENE ->
                new RunningIndex<DenseIndex>(
                        "dense",
                        log,
                        new LuceneGenerations<>(
                                DataFiles.index(folder, "dense"),
                                spaces,
                                FollowedLog.of(log),
                                (at, embeddings) -> new LuceneDenseIndex(at, passages.get(), embeddings)),
                        follows,
                        clock);
            case PGVECTOR ->
                new RunningIndex<>(
                        "dense",
                        log,
                        PgvectorGenerations.open(
                                settings.store().postgres().orElseThrow(),
                                passages,
                                spaces,
                                clock,
                                meters,
                                Statements.of("dense", meters, settings.development()),
                                breaker.getObject(),
                                quickRetry),
                        leases.getObject().share("projection:dense", log.partitions()),
                        follows,
                        clock);
        };
        return host.start();
    }

    @Bean
    Loop sweeper(
            EventLog log,
            List<Source> sources,
            RunningIndex<LexicalIndex> lexical,
            RunningIndex<DenseIndex> dense,
            CairnSettings settings,
            MeterRegistry meters,
            Clock clock) {
        return Sweeper.start(
                pace -> new Sweeps(
                        log.blobs(),
                        new VectorSweep(
                                log,
                                sources,
                                () -> dense.current().embeddings(),
                                () -> lexical.isRebuilding() || dense.isRebuilding(),
                                pace),
                        settings.sweep().settings(),
                        clock),
                meters);
    }

    private static IntConsumer counter(MeterRegistry meters, String projection) {
        return meters.counter("chunks.processed", "projection", projection)::increment;
    }

    /// What was acknowledged is found by its words: that rests on the lexical index. No promise rests on
    /// the dense one, which embeds as fast as it can, and recall says when it is behind.
    @Bean
    Promised promised() {
        return new Promised(Set.of("lexical"));
    }

    @Bean
    ExactSample exactSample(CairnSettings settings, MeterRegistry meters) {
        var ratios = DistributionSummary.builder("recall.approximate.ratio")
                .serviceLevelObjectives(.5, .8, .9, .95, .99, 1)
                .register(meters);
        return new ExactSample(
                settings.recall().sampled(), () -> ThreadLocalRandom.current().nextDouble(), ratios::record);
    }

    @Bean
    Recall recall(
            EventLog log,
            List<Source> sources,
            RunningIndex<LexicalIndex> lexical,
            RunningIndex<DenseIndex> dense,
            LanguageDetector detector,
            RecallSettings settings,
            ExactSample sample,
            QuerySample asked) {
        return new HybridRecall(log, sources, lexical, dense::current, detector, settings, sample.and(asked));
    }

    @Bean
    RecallSettings recallSettings(CairnSettings settings) {
        return settings.recall().settings(settings.embedding().relevanceOfModel());
    }
}
