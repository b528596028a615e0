package io.cairn.adapter.lucene;

import io.cairn.event.Event;
import io.cairn.follow.TryAgainException;
import io.cairn.projection.DamagedException;
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
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TermStatistics;
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
///
/// A damaged index is set aside and begins with nothing, so that its positions fall back to the beginning of the log.
/// Whoever finds the damage, a reader or the writer, only notes it; [#mend] does the rest in the thread that applies.
/// Until then all positions are 0, and readers are told that there is nobody to ask.
final class LuceneStore implements AutoCloseable {
    /// k1 and b that suit short texts; the defaults cost several points of recall on single messages. How much a word
    /// weighs is the query's to say, since it knows the tenant and the languages.
    static final Similarity SIMILARITY = new BM25Similarity(.9f, .4f) {
        @Override
        public Explanation idfExplain(CollectionStatistics texts, TermStatistics word) {
            return Explanation.match(1f, "the query weighs it");
        }
    };

    private static final double BUFFER_MEGABYTES = 48;
    private static final String POSITION = "position.";

    private final Path folder;
    private final Analyzer analyzer;
    private final Codec codec;
    private final MergePolicy merging;
    private final Map<Integer, Long> applied = new ConcurrentHashMap<>();
    private final Map<Integer, Long> visible = new ConcurrentHashMap<>();
    private final Map<Integer, Long> durable = new ConcurrentHashMap<>();
    private Directory directory;
    private IndexWriter writer;
    private Tried tried;
    private volatile SearcherManager searchers;
    private volatile @Nullable Throwable damage;

    LuceneStore(Path folder, Analyzer analyzer, Codec codec, MergePolicy merging) {
        this.merging = merging;
        this.analyzer = analyzer;
        this.codec = codec;
        this.folder = folder;
        var opened = openOrBeginAnew();
        directory = opened.directory();
        writer = opened.writer();
        searchers = opened.searchers();
        tried = new Tried(writer);
        readPositions();
    }

    /// All that is open of an index.
    private record Opened(Directory directory, IndexWriter writer, SearcherManager searchers) {
        void close() throws IOException {
            searchers.close();
            writer.rollback();
            directory.close();
        }
    }

    private Opened openOrBeginAnew() {
        try {
            return openSound();
        } catch (IOException | RuntimeException | AssertionError e) {
            if (!Damage.keptFromOpening(e)) {
                throw new IndexFolderException(
                        "The index %s cannot be opened (%s)".formatted(folder, Damage.reason(e)), e);
            }
            return openAnew(e);
        }
    }

    /// Opens it, and reads all of it if that takes no time to speak of.
    private Opened openSound() throws IOException {
        var opened = open();
        try {
            Damage.checkIfSmall(opened.directory(), opened.searchers());
            return opened;
        } catch (IOException | RuntimeException | AssertionError e) {
            opened.close();
            throw e;
        }
    }

    private Opened openAnew(Throwable reason) {
        try {
            Damage.setAside(folder, reason);
            return open();
        } catch (IOException e) {
            throw new IndexFolderException(
                    "The damaged index %s cannot be set aside (%s); delete it, and it is made anew from the log"
                            .formatted(folder, Damage.reason(e)),
                    e);
        }
    }

    private Opened open() throws IOException {
        var opened = FSDirectory.open(folder);
        try {
            var writing = openWriter(opened);
            try {
                return new Opened(opened, writing, openSearchers(writing));
            } catch (IOException | RuntimeException | AssertionError e) {
                writing.rollback();
                throw e;
            }
        } catch (IOException | RuntimeException | AssertionError e) {
            opened.close();
            throw e;
        }
    }

    /// A change of the index.
    @FunctionalInterface
    interface Change {
        void on(PassageWriter writer) throws IOException;
    }

    /// A question to the index.
    @FunctionalInterface
    interface Question<T> {
        T to(IndexSearcher searcher) throws IOException;
    }

    /// @param change what the events, in their order, change
    void apply(int partition, List<Event> events, long to, Change change) {
        orReopen("be written", () -> {
            change.on(new PassageWriter(writer, tried.note(partition, events, to)));
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

    /// @throws DamagedException if it was found damaged and has yet to begin anew
    <T> T ask(Question<T> question) {
        try {
            requireSound();
            var manager = searchers;
            var searcher = acquired(manager);
            while (searcher == null) {
                manager = searchers;
                searcher = acquired(manager);
            }
            try {
                return answered(question, searcher);
            } finally {
                manager.release(searcher);
            }
        } catch (IOException | AlreadyClosedException e) {
            note(e);
            requireSound();
            throw new IllegalStateException("The index %s could not be searched".formatted(folder), e);
        }
    }

    /// Lucene does not look for damage when it searches: whatever goes wrong may come from it.
    private static <T> T answered(Question<T> question, IndexSearcher searcher) throws IOException {
        try {
            return question.to(searcher);
        } catch (RuntimeException | AssertionError | InternalError e) {
            Damage.check(searcher.getIndexReader());
            throw e;
        }
    }

    private void requireSound() {
        var found = damage;
        if (found != null) {
            throw new DamagedException(
                    "The index %s is damaged, and is about to be made anew from the log".formatted(folder), found);
        }
    }

    private void note(Throwable failure) {
        if (damage == null && Damage.behind(failure)) {
            damage = failure;
        }
    }

    /// Lets an index that was found damaged begin with nothing. Only for the thread that applies.
    void mend() {
        var found = damage;
        if (found != null) {
            close(found);
            var opened = openAnew(found);
            directory = opened.directory();
            takeUp(opened.writer(), opened.searchers());
            damage = null;
        }
    }

    private void close(Throwable reason) {
        try {
            new Opened(directory, writer, searchers).close();
        } catch (IOException | RuntimeException | AssertionError e) {
            reason.addSuppressed(e);
        }
    }

    /// At once, since the new writer knows nothing of what was applied past the last commit.
    private void takeUp(IndexWriter writer, SearcherManager searchers) {
        this.writer = writer;
        tried = new Tried(writer);
        applied.clear();
        visible.clear();
        durable.clear();
        readPositions();
        this.searchers = searchers;
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
        return damage == null ? applied.getOrDefault(partition, 0L) : 0;
    }

    long visible(int partition) {
        return damage == null ? visible.getOrDefault(partition, 0L) : 0;
    }

    long durable(int partition) {
        return damage == null ? durable.getOrDefault(partition, 0L) : 0;
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
            requireSound();
            work.run();
        } catch (IOException | AlreadyClosedException | InternalError e) {
            note(e);
            if (damage == null) {
                reopen();
            }
            throw new TryAgainException("The index could not " + what, e);
        } catch (DamagedException e) {
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
            var before = searchers;
            var opened = openWriter(directory);
            takeUp(opened, openSearchers(opened));
            before.close();
        } catch (IOException e) {
            note(e);
            throw new TryAgainException("The index could not be opened again", e);
        }
    }

    private IndexWriter openWriter(Directory directory) throws IOException {
        var merges = new ConcurrentMergeScheduler() {
            /// The writer is closed by it, and whoever uses it next learns why.
            @Override
            protected void handleMergeException(Throwable failure) {}
        };
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

    private static SearcherManager openSearchers(IndexWriter writer) throws IOException {
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
