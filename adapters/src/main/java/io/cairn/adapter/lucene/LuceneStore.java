package io.cairn.adapter.lucene;

import io.cairn.event.Event;
import io.cairn.projection.TryAgainException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.MergePolicy;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.search.similarities.Similarity;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.jspecify.annotations.Nullable;

/// One generation of an index on disk, with the positions that it has reached.
///
/// The durable positions are part of Lucene's commit, so a crash falls back to a commit and its positions
/// together. An I/O failure closes Lucene's writer for good; then the index is opened anew from its last
/// commit and the events since then are applied again.
final class LuceneStore implements AutoCloseable {
    /// k1 and b that suit short texts; the defaults cost several points of recall on single messages.
    static final Similarity SIMILARITY = new BM25Similarity(.9f, .4f);

    private static final double BUFFER_MEGABYTES = 48;
    private static final String POSITION = "position.";

    private final Directory directory;
    private final Analyzer analyzer;
    private final Codec codec;
    private final MergePolicy merging;
    private final Map<Integer, Long> applied = new ConcurrentHashMap<>();
    private final Map<Integer, Long> visible = new ConcurrentHashMap<>();
    private final Map<Integer, Long> durable = new ConcurrentHashMap<>();
    private IndexWriter writer;
    private Tried tried;
    private volatile SearcherManager searchers;

    LuceneStore(Path folder, Analyzer analyzer, Codec codec, MergePolicy merging) {
        this.merging = merging;
        this.analyzer = analyzer;
        this.codec = codec;
        try {
            directory = FSDirectory.open(folder);
            writer = openWriter();
            tried = new Tried(writer);
            searchers = openSearchers();
        } catch (IOException e) {
            throw new UncheckedIOException("The index in %s does not open".formatted(folder), e);
        }
        readPositions();
    }

    /// A change of the index.
    @FunctionalInterface
    interface Change {
        void on(UnitWriter writer) throws IOException;
    }

    /// A question to the index.
    @FunctionalInterface
    interface Question<T> {
        T to(IndexSearcher searcher) throws IOException;
    }

    /// @param change what the events, in their order, change
    void apply(int partition, List<Event> events, long to, Change change) {
        orReopen("be written", () -> {
            change.on(new UnitWriter(writer, tried.note(partition, events, to)));
            applied.merge(partition, to, Math::max);
        });
    }

    void publish() {
        orReopen("be published", () -> {
            var reached = Map.copyOf(applied);
            searchers.maybeRefreshBlocking();
            visible.putAll(reached);
        });
    }

    void commit() {
        orReopen("be committed", () -> {
            var reached = Map.copyOf(applied);
            var data = new HashMap<String, String>();
            reached.forEach((partition, position) -> data.put(POSITION + partition, Long.toString(position)));
            writer.setLiveCommitData(data.entrySet());
            writer.commit();
            durable.putAll(reached);
        });
    }

    <T> T ask(Question<T> question) {
        try {
            var manager = searchers;
            var searcher = acquired(manager);
            while (searcher == null) {
                manager = searchers;
                searcher = acquired(manager);
            }
            try {
                return question.to(searcher);
            } finally {
                manager.release(searcher);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The index could not be searched", e);
        }
    }

    /// Null if the index was just opened anew, so that other searchers have taken the place of these.
    private @Nullable IndexSearcher acquired(SearcherManager manager) throws IOException {
        try {
            return manager.acquire();
        } catch (AlreadyClosedException e) {
            if (manager == searchers) {
                throw e;
            }
            return null;
        }
    }

    long applied(int partition) {
        return applied.getOrDefault(partition, 0L);
    }

    long visible(int partition) {
        return visible.getOrDefault(partition, 0L);
    }

    long durable(int partition) {
        return durable.getOrDefault(partition, 0L);
    }

    @Override
    public void close() {
        try {
            searchers.close();
            writer.rollback();
            directory.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The index did not close", e);
        }
    }

    private interface Io {
        void run() throws IOException;
    }

    private void orReopen(String what, Io work) {
        try {
            work.run();
        } catch (IOException | AlreadyClosedException e) {
            reopen();
            throw new TryAgainException("The index could not " + what, e);
        }
    }

    private void reopen() {
        try {
            writer.rollback();
        } catch (IOException | AlreadyClosedException e) {
            System.getLogger(LuceneStore.class.getName())
                    .log(System.Logger.Level.WARNING, "The index's writer did not close cleanly", e);
        }
        try {
            writer = openWriter();
            tried = new Tried(writer);
            // At once, since the new writer knows nothing of what was applied past the last commit.
            applied.clear();
            visible.clear();
            durable.clear();
            readPositions();
            var before = searchers;
            searchers = openSearchers();
            before.close();
        } catch (IOException e) {
            throw new TryAgainException("The index could not be opened again", e);
        }
    }

    private IndexWriter openWriter() throws IOException {
        var merges = new ConcurrentMergeScheduler();
        merges.setMaxMergesAndThreads(4, 1);
        return new IndexWriter(
                directory,
                new IndexWriterConfig(analyzer)
                        .setCodec(codec)
                        .setSimilarity(SIMILARITY)
                        .setRAMBufferSizeMB(BUFFER_MEGABYTES)
                        .setMergePolicy(merging)
                        .setMergeScheduler(merges)
                        .setCommitOnClose(false));
    }

    private SearcherManager openSearchers() throws IOException {
        return new SearcherManager(writer, new SearcherFactory() {
            @Override
            public IndexSearcher newSearcher(IndexReader reader, @Nullable IndexReader previous) {
                var searcher = new IndexSearcher(reader);
                searcher.setSimilarity(SIMILARITY);
                return searcher;
            }
        });
    }

    private void readPositions() {
        var data = writer.getLiveCommitData();
        if (data != null) {
            for (var entry : data) {
                if (entry.getKey().startsWith(POSITION)) {
                    int partition = Integer.parseInt(entry.getKey().substring(POSITION.length()));
                    long position = Long.parseLong(entry.getValue());
                    applied.put(partition, position);
                    visible.put(partition, position);
                    durable.put(partition, position);
                }
            }
        }
    }
}
