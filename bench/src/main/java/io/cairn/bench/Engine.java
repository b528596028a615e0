package io.cairn.bench;

import io.cairn.adapter.lucene.FollowedLog;
import io.cairn.adapter.lucene.LuceneDenseIndex;
import io.cairn.adapter.lucene.LuceneGenerations;
import io.cairn.adapter.lucene.LuceneLexicalIndex;
import io.cairn.adapter.sql.SqliteLogStorage;
import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.follow.FollowSettings;
import io.cairn.knowledge.DocumentRows;
import io.cairn.knowledge.DocumentSource;
import io.cairn.knowledge.Documents;
import io.cairn.knowledge.TextExtractor;
import io.cairn.memory.ConversationRows;
import io.cairn.memory.ConversationSource;
import io.cairn.memory.Conversations;
import io.cairn.model.Embeddings;
import io.cairn.passage.Passages;
import io.cairn.passage.Source;
import io.cairn.projection.Generations;
import io.cairn.projection.RunningIndex;
import io.cairn.recall.DenseIndex;
import io.cairn.recall.HybridRecall;
import io.cairn.recall.Recall;
import io.cairn.recall.RecallSettings;
import io.cairn.seal.MasterKey;
import io.cairn.text.ChunkSettings;
import io.cairn.text.Chunker;
import io.cairn.text.Language;
import io.cairn.text.LanguageDetector;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Cairn without its server: the same parts, wired in the same way, on a folder of their own.
final class Engine implements AutoCloseable {
    private static final int READERS = 3;
    private static final int DENSE_BATCH = 100;

    final EventLog log;
    final Conversations conversations;
    final Documents documents;
    final RunningIndex<LuceneLexicalIndex> lexical;
    final RunningIndex<DenseIndex> dense;
    final Recall recall;
    final List<Source> sources;
    private final Embeddings embeddings;

    /// Where the vectors are kept.
    @FunctionalInterface
    interface Vectors {
        Generations<DenseIndex> open(Path folder, Supplier<Passages> passages, Embeddings embeddings);

        static Vectors lucene() {
            return (folder, passages, embeddings) -> new LuceneGenerations<>(
                    folder.resolve("dense"),
                    new FollowedLog("bench", Map.of()),
                    at -> new LuceneDenseIndex(at, passages.get(), embeddings));
        }
    }

    /// @param embeddings closed by whoever made them
    /// @param language of all texts
    Engine(Path folder, MasterKey master, Embeddings embeddings, Language language) {
        this(folder, master, embeddings, language, Vectors.lucene());
    }

    Engine(Path folder, MasterKey master, Embeddings embeddings, Language language, Vectors vectors) {
        this.embeddings = embeddings;
        var random = new SecureRandom();
        var clock = Clock.systemUTC();
        var ids = new Ids(clock, random);
        log = EventLog.on(SqliteLogStorage.open(folder.resolve("log.db"), READERS))
                .sealedWith(master)
                .inline(new ConversationRows(), new DocumentRows())
                .ids(ids)
                .random(random)
                .start();
        conversations = new Conversations(log, LanguageDetector.undecided(), ids);
        documents = new Documents(log, TextExtractor.plainText(), LanguageDetector.undecided(), ids);
        sources = sources(language);
        lexical = new RunningIndex<>(
                        "lexical",
                        log,
                        new LuceneGenerations<>(
                                folder.resolve("lexical"),
                                LuceneLexicalIndex.MADE_OF,
                                FollowedLog.of(log),
                                at -> new LuceneLexicalIndex(at, new Passages(sources))),
                        FollowSettings.defaults(),
                        clock)
                .start();
        dense = new RunningIndex<>(
                        "dense",
                        log,
                        vectors.open(folder, () -> new Passages(sources), embeddings),
                        FollowSettings.defaults().batchesOf(DENSE_BATCH),
                        clock)
                .start();
        recall = recall(RecallSettings.defaults());
    }

    /// Recall over the same indexes with other weights.
    Recall recall(RecallSettings settings) {
        return new HybridRecall(log, sources, lexical, dense::current, LanguageDetector.undecided(), settings);
    }

    /// Recall as if the model understood no question.
    Recall recallByWords() {
        LanguageDetector foreign = text -> Optional.of(new Language("zxx"));
        return new HybridRecall(log, sources, lexical, dense::current, foreign, RecallSettings.defaults());
    }

    /// Waits until both indexes show everything that the log holds.
    void awaitIndexed(Duration timeMax) throws InterruptedException {
        long head = log.head(0).number();
        if (!lexical.awaitVisible(0, head, timeMax) || !dense.awaitVisible(0, head, timeMax)) {
            throw new IllegalStateException("The indexes did not reach position %d within %s: %s, %s"
                    .formatted(head, timeMax, lexical.health(), dense.health()));
        }
    }

    /// Waits until everything that the log holds is found by its words.
    void awaitWords(Duration timeMax) throws InterruptedException {
        long head = log.head(0).number();
        if (!lexical.awaitVisible(0, head, timeMax)) {
            throw new IllegalStateException(
                    "The words did not reach position %d within %s: %s".formatted(head, timeMax, lexical.health()));
        }
    }

    private List<Source> sources(Language language) {
        var chunker = new Chunker(ChunkSettings.DEFAULT);
        return List.of(
                new ConversationSource(log, chunker, tenant -> language),
                new DocumentSource(documents, chunker, tenant -> language));
    }

    @Override
    public void close() {
        lexical.close();
        dense.close();
        log.close();
    }
}
