package io.cairn.adapter.lucene;

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
import io.cairn.model.EmbeddingMeter;
import io.cairn.model.EmbeddingModel;
import io.cairn.model.Embeddings;
import io.cairn.model.VectorStore;
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
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The whole engine on real storage, with vectors made of word hashes.
final class Engine implements AutoCloseable {
    final EventLog log;
    final Conversations conversations;
    final Documents documents;
    final RunningIndex<LuceneLexicalIndex> lexical;
    final RunningIndex<DenseIndex> dense;
    final Recall recall;
    private final Embeddings embeddings;

    /// Where the vectors are kept.
    @FunctionalInterface
    interface Vectors {
        Generations<DenseIndex> open(Supplier<Passages> passages, Embeddings embeddings);

        /// Which of them it follows.
        default List<Source> followed(List<Source> all) {
            return all;
        }
    }

    private Engine(Path folder, MasterKey master, Vectors vectors) {
        var random = new SecureRandom();
        var clock = Clock.systemUTC();
        var ids = new Ids(clock, random);
        log = EventLog.on(SqliteLogStorage.open(folder.resolve("log.db"), 3))
                .sealedWith(master)
                .inline(new ConversationRows(), new DocumentRows())
                .ids(ids)
                .random(random)
                .start();
        conversations = new Conversations(log, LanguageDetector.undecided(), ids);
        documents = new Documents(log, TextExtractor.plainText(), LanguageDetector.undecided(), ids);
        embeddings = new Embeddings(
                EmbeddingModel.inMemory(64),
                VectorStore.inMemory(),
                master::fingerprintKey,
                EmbeddingMeter.none(),
                Embeddings.Settings.DEFAULT);
        lexical = new RunningIndex<>(
                        "lexical",
                        log,
                        new LuceneGenerations<>(
                                folder.resolve("lexical"),
                                LuceneLexicalIndex.MADE_OF,
                                FollowedLog.of(log),
                                at -> new LuceneLexicalIndex(at, new Passages(sources()))),
                        FollowSettings.defaults(),
                        clock)
                .start();
        dense = new RunningIndex<>(
                        "dense",
                        log,
                        vectors.open(() -> new Passages(vectors.followed(sources())), embeddings),
                        FollowSettings.defaults().batchesOf(100),
                        clock)
                .start();
        recall = recall(RecallSettings.defaults());
    }

    /// Recall over the same indexes, weighed in another way.
    Recall recall(RecallSettings settings) {
        return new HybridRecall(log, sources(), lexical, dense::current, LanguageDetector.undecided(), settings);
    }

    static Engine on(Path folder, MasterKey master, Vectors vectors) {
        return new Engine(folder, master, vectors);
    }

    static Engine on(Path folder, MasterKey master) {
        return on(folder, master, inFolder(folder));
    }

    static Vectors inFolder(Path folder) {
        return (passages, embeddings) -> new LuceneGenerations<>(
                folder.resolve("dense"),
                new FollowedLog("a log", Map.of()),
                at -> new LuceneDenseIndex(at, passages.get(), embeddings));
    }

    static Engine on(Path folder) {
        return on(folder, MasterKey.random(new SecureRandom()));
    }

    private List<Source> sources() {
        var chunker = new Chunker(ChunkSettings.DEFAULT);
        return List.of(
                new ConversationSource(log, chunker, tenant -> new Language("en")),
                new DocumentSource(documents, chunker, tenant -> new Language("en")));
    }

    @Override
    public void close() {
        lexical.close();
        dense.close();
        embeddings.close();
        log.close();
    }
}
