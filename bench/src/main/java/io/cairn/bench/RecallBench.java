package io.cairn.bench;

import static io.cairn.bench.Table.number;

import io.cairn.adapter.sql.SqliteVectorStore;
import io.cairn.bench.DataSet.Question;
import io.cairn.knowledge.NewDocument;
import io.cairn.memory.ConversationId;
import io.cairn.memory.NewMessage;
import io.cairn.model.EmbeddingMeter;
import io.cairn.model.Embeddings;
import io.cairn.model.VectorStore;
import io.cairn.passage.PassageChange;
import io.cairn.passage.Passages;
import io.cairn.recall.Candidate;
import io.cairn.recall.Filters;
import io.cairn.recall.PassageVectors;
import io.cairn.recall.Query;
import io.cairn.recall.Recalled;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import io.cairn.text.Language;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/// How long a query takes over many units, beside the same two searches in raw Lucene.
///
/// Half of the units are messages, half are chunks of documents, all of one tenant. With `--data DIR` the
/// store is kept, and a second run only asks.
final class RecallBench implements AutoCloseable {
    private static final Context CONTEXT = new Context(Tenant.DEFAULT, "bench", "bench");
    private static final Duration INDEXING_MAX = Duration.ofHours(1);
    private static final Instant START = Instant.parse("2025-01-01T08:00:00Z");
    private static final int MESSAGES_AT_ONCE = 100;
    private static final int CONVERSATION = 500;
    private static final int PARAGRAPHS = 10;
    private static final int PARAGRAPH_CHARACTERS = 1_000;
    private static final int KNOWN = 2_000;
    private static final int WARMUP = 1_000;
    private static final int CANDIDATES = 150;

    private final Path folder;
    private final MixedTexts texts;
    private final KnownVectors model;
    private final VectorStore store;
    private final Embeddings embeddings;
    private final Engine engine;
    private final RawLucene raw;
    private final long started = System.currentTimeMillis();
    private int conversations;

    private RecallBench(Path folder, MixedTexts texts) throws IOException {
        var key = new MasterKey(new byte[MasterKey.BYTES]);
        this.folder = folder;
        this.texts = texts;
        this.model = new KnownVectors(Models.bgeSmall(folder));
        this.store = SqliteVectorStore.open(folder.resolve("vectors.db"));
        this.embeddings =
                new Embeddings(model, store, key::fingerprintKey, EmbeddingMeter.none(), Embeddings.Settings.DEFAULT);
        this.engine = new Engine(folder, key, embeddings, new Language("en"));
        this.raw = new RawLucene(folder.resolve("raw"));
    }

    static void run(Options options) throws Exception {
        int units = options.number("units", 100_000);
        int queries = options.number("queries", 500);
        var sets = Stream.of("dialogs", "scifact", "cranfield")
                .map(name -> DataSet.read(options.datasets().resolve(name)))
                .toList();
        var questions = sets.stream()
                .flatMap(set -> set.questions().stream())
                .map(Question::text)
                .distinct()
                .toList();
        var kept = options.path("data");
        var folder = kept.isPresent() ? Files.createDirectories(kept.get()) : Files.createTempDirectory("cairn-bench");
        boolean built = Files.exists(folder.resolve("log.db"));
        try (var bench = new RecallBench(folder, MixedTexts.of(sets, 1))) {
            if (!built) {
                bench.build(units);
            }
            bench.measure(spread(questions, WARMUP + queries, 0), spread(questions, queries, WARMUP + queries));
        } finally {
            if (kept.isEmpty()) {
                Folders.delete(folder);
            }
        }
    }

    /// Every set has its share: questions from all over the list, other ones for another offset.
    private static List<String> spread(List<String> questions, int count, int offset) {
        return IntStream.range(offset, offset + count)
                .mapToObj(i -> questions.get((int) (i * 7919L % questions.size())))
                .toList();
    }

    private void build(int units) throws IOException, InterruptedException {
        model.learn(texts.sentences(KNOWN));
        var table = Table.begin("Index of %,d units".formatted(units), "step", "seconds", "per second", "size");
        long start = System.nanoTime();
        for (int i = 0; i < units / 2; i += CONVERSATION) {
            converse(CONVERSATION);
        }
        for (int i = 0; i < units / 2 / PARAGRAPHS; i++) {
            engine.documents.put(CONTEXT, document(), OptionalLong.empty());
        }
        row(table, "into the log", start, units, "log.db");
        long head = engine.log.head(0).number();
        engine.lexical.awaitVisible(0, head, INDEXING_MAX);
        row(table, "… lexical index follows", start, engine.lexical.current().passages(), "lexical");
        engine.awaitIndexed(INDEXING_MAX);
        row(
                table,
                "… dense index follows, without embedding",
                start,
                engine.dense.current().passages(),
                "dense");
        long rawStart = System.nanoTime();
        copyToRaw();
        row(
                table,
                "raw Lucene, both in one index",
                rawStart,
                engine.dense.current().passages(),
                "raw");
    }

    private void row(Table table, String step, long start, long units, String part) {
        double seconds = (System.nanoTime() - start) / 1e9;
        long bytes = Folders.bytes(folder.resolve(part));
        table.row(
                step,
                number("%.0f", seconds),
                number("%,.0f units", units / seconds),
                number("%,.0f MB for %,d", bytes / 1e6, units));
    }

    private void converse(int messages) {
        var id = new ConversationId("conversation-%d-%d".formatted(started, conversations++));
        for (int from = 0; from < messages; from += MESSAGES_AT_ONCE) {
            int first = from;
            engine.conversations.add(
                    CONTEXT,
                    id,
                    IntStream.range(from, from + MESSAGES_AT_ONCE)
                            .mapToObj(i -> message(i, first))
                            .toList());
        }
    }

    private NewMessage message(int number, int session) {
        return new NewMessage(
                "m" + number,
                "user",
                number % 2 == 0 ? "Caroline" : "Melanie",
                texts.message(),
                START.plus(Duration.ofHours(session)).plusSeconds(number),
                JsonNodeFactory.instance.objectNode());
    }

    private NewDocument document() {
        return NewDocument.plain(null, texts.title(), texts.document(PARAGRAPHS, PARAGRAPH_CHARACTERS));
    }

    private void copyToRaw() throws IOException {
        var passages = new Passages(engine.sources);
        long position = 0;
        for (var events = engine.log.feed().after(0, position, 200, 8 << 20);
                !events.isEmpty();
                events = engine.log.feed().after(0, position, 200, 8 << 20)) {
            for (var event : events) {
                for (var change : passages.changes(event)) {
                    if (change instanceof PassageChange.Put put) {
                        raw.add(PassageVectors.of(Tenant.DEFAULT, put.passages(), embeddings));
                    }
                }
            }
            position = events.getLast().position().number();
        }
        raw.publish();
    }

    private void measure(List<String> asked, List<String> others) throws Exception {
        var table = Table.begin(
                "Recall over %,d units, 10 hits, one query after another"
                        .formatted(engine.dense.current().passages()),
                "query",
                "Cairn p50",
                "Cairn p95",
                "raw Lucene p50",
                "raw Lucene p95",
                "goal");
        asked.subList(0, WARMUP).forEach(question -> millis(() -> recall(question)));
        asked.subList(0, WARMUP).forEach(question -> millis(() -> ask(question)));
        var timed = asked.subList(WARMUP, asked.size());
        var embedding = new ArrayList<Double>();
        var cairn = new ArrayList<Double>();
        var lucene = new ArrayList<Double>();
        for (var question : timed) {
            embedding.add(millis(() -> recall(question)));
        }
        for (var question : timed) {
            cairn.add(millis(() -> recall(question)));
            lucene.add(millis(() -> ask(question)));
        }
        row(table, "its vector at hand", sample(cairn), sample(lucene), 8);
        row(table, "embedded by the real model", sample(embedding), null, 30);
        row(table, "… while messages come in and are embedded", whileIngesting(others), null, 100);
        accuracy(timed);
    }

    private static void row(Table table, String query, Sample cairn, @Nullable Sample lucene, double goal) {
        table.row(
                query,
                number("%.1f ms", cairn.median()),
                number("%.1f ms", cairn.quantile(.95)),
                lucene == null ? "" : number("%.1f ms (%.2f ×)", lucene.median(), cairn.median() / lucene.median()),
                lucene == null
                        ? ""
                        : number("%.1f ms (%.2f ×)", lucene.quantile(.95), cairn.quantile(.95) / lucene.quantile(.95)),
                number("p95 ≤ %.0f ms ", goal) + Table.met(cairn.quantile(.95) <= goal));
    }

    private Sample whileIngesting(List<String> questions) throws Exception {
        model.embedReally();
        long before = engine.dense.current().visible(0);
        try (var writing = Executors.newSingleThreadExecutor()) {
            var writer = writing.submit(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    converse(MESSAGES_AT_ONCE);
                    awaitDense(2 * MESSAGES_AT_ONCE);
                }
            });
            var millis = new ArrayList<Double>();
            for (var question : questions) {
                millis.add(millis(() -> recall(question)));
            }
            writer.cancel(true);
            System.err.printf(
                    "Messages embedded meanwhile: %d%n", engine.dense.current().visible(0) - before);
            return sample(millis);
        }
    }

    /// Holds the writer back when the dense index is so many events behind.
    private void awaitDense(int behindMax) {
        try {
            engine.dense.awaitVisible(0, engine.log.head(0).number() - behindMax, INDEXING_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// How much of the exact ten nearest the graph finds.
    private void accuracy(List<String> questions) {
        var index = engine.dense.current();
        var found = new Sample(questions.stream()
                .mapToDouble(question -> {
                    var vector = embeddings.query(Tenant.DEFAULT, question);
                    var exact = nearest(index.search(Tenant.DEFAULT, vector, Filters.NONE, CANDIDATES, true));
                    var walked = nearest(index.search(Tenant.DEFAULT, vector, Filters.NONE, CANDIDATES, false));
                    walked.retainAll(exact);
                    return walked.size() / 10.0;
                })
                .toArray());
        System.out.printf(
                "%nApproximate dense leg against exact: recall@10 %.4f over %d queries; goal ≥ 0.99 %s%n",
                found.mean(), found.size(), Table.met(found.mean() >= .99));
    }

    private static HashSet<String> nearest(List<Candidate> candidates) {
        return new HashSet<>(candidates.stream()
                .limit(10)
                .map(candidate -> candidate.ref().id())
                .toList());
    }

    private void recall(String question) {
        if (!(engine.recall.recall(Tenant.DEFAULT, Query.of(question)) instanceof Recalled.Answer answer)
                || answer.hits().isEmpty()) {
            throw new IllegalStateException("Nothing was recalled for " + question);
        }
    }

    private void ask(String question) throws IOException {
        if (raw.ask(Tenant.DEFAULT.id(), question, embeddings.query(Tenant.DEFAULT, question)) == 0) {
            throw new IllegalStateException("Nothing was found for " + question);
        }
    }

    private interface Timed {
        void run() throws IOException;
    }

    private static double millis(Timed work) {
        long start = System.nanoTime();
        try {
            work.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return (System.nanoTime() - start) / 1e6;
    }

    private static Sample sample(List<Double> values) {
        return new Sample(values.stream().mapToDouble(value -> value).toArray());
    }

    @Override
    public void close() throws IOException {
        raw.close();
        engine.close();
        embeddings.close();
        store.close();
    }
}
