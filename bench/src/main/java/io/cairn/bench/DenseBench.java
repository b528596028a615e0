package io.cairn.bench;

import static io.cairn.bench.Table.number;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.adapter.sql.SqliteLogStorage;
import io.cairn.bench.DataSet.Question;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.knowledge.DocumentId;
import io.cairn.knowledge.DocumentRows;
import io.cairn.knowledge.DocumentSource;
import io.cairn.knowledge.Documents;
import io.cairn.knowledge.NewDocument;
import io.cairn.knowledge.TextExtractor;
import io.cairn.memory.ConversationId;
import io.cairn.memory.ConversationRows;
import io.cairn.memory.ConversationSource;
import io.cairn.memory.Conversations;
import io.cairn.memory.NewMessage;
import io.cairn.model.EmbeddingMeter;
import io.cairn.model.Embeddings;
import io.cairn.passage.Kind;
import io.cairn.passage.Passages;
import io.cairn.recall.Candidate;
import io.cairn.recall.DenseIndex;
import io.cairn.recall.Filters;
import io.cairn.recall.PassageVectors;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import io.cairn.text.ChunkSettings;
import io.cairn.text.Chunker;
import io.cairn.text.Language;
import io.cairn.text.LanguageDetector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.node.JsonNodeFactory;

/// The dense index on pgvector beside the one on Lucene: the same passages, the same vectors, the same questions.
///
/// Half of the passages are messages, half are chunks of documents, all of one tenant; one in a hundred has a tag.
final class DenseBench implements AutoCloseable {
    private static final Context CONTEXT = new Context(Tenant.DEFAULT, "bench", "bench");
    private static final int MESSAGES_AT_ONCE = 100;
    private static final int CONVERSATION = 500;
    private static final int PARAGRAPHS = 10;
    private static final int PARAGRAPH_CHARACTERS = 1_000;
    private static final int KNOWN = 2_000;
    private static final int EVENTS_AT_ONCE = 64;
    private static final int WARMUP = 50;
    private static final int CANDIDATES = 150;
    private static final int NEAREST = 10;
    private static final String RARE = "rare";

    /// Every so many documents has the tag; documents make half of the passages.
    private static final int RARE_EVERY = 50;

    private final Path folder;
    private final MixedTexts texts;
    private final KnownVectors model;
    private final Embeddings embeddings;
    private final EventLog log;
    private final Conversations conversations;
    private final Documents documents;

    private DenseBench(Path folder, MixedTexts texts) {
        var key = new MasterKey(new byte[MasterKey.BYTES]);
        var random = new SecureRandom();
        var ids = new Ids(Clock.systemUTC(), random);
        this.folder = folder;
        this.texts = texts;
        model = new KnownVectors(Models.bgeSmall(folder));
        embeddings = new Embeddings(
                model, new NoVectors(), key::fingerprintKey, EmbeddingMeter.none(), Embeddings.Settings.DEFAULT);
        log = EventLog.on(SqliteLogStorage.open(folder.resolve("log.db"), 1))
                .sealedWith(key)
                .inline(new ConversationRows(), new DocumentRows())
                .ids(ids)
                .random(random)
                .start();
        conversations = new Conversations(log, LanguageDetector.undecided(), ids);
        documents = new Documents(log, TextExtractor.plainText(), LanguageDetector.undecided(), ids);
    }

    static void run(Options options) throws Exception {
        int units = options.number("units", 100_000);
        int queries = options.number("queries", 200);
        var sets = Stream.of("dialogs", "scifact", "cranfield")
                .map(name -> DataSet.read(options.datasets().resolve(name)))
                .toList();
        var questions = sets.stream()
                .flatMap(set -> set.questions().stream())
                .map(Question::text)
                .distinct()
                .toList();
        var asked = IntStream.range(0, WARMUP + queries)
                .mapToObj(i -> questions.get((int) (i * 7919L % questions.size())))
                .toList();
        var folder = Files.createTempDirectory("cairn-bench");
        try (var bench = new DenseBench(folder, MixedTexts.of(sets, 1));
                var database = BenchDatabase.create()) {
            bench.fill(units);
            bench.compare(asked, database);
        } finally {
            Folders.delete(folder);
        }
    }

    private void fill(int units) {
        model.learn(texts.sentences(KNOWN));
        for (int i = 0; i < units / 2; i += MESSAGES_AT_ONCE) {
            conversations.add(
                    CONTEXT,
                    new ConversationId("conversation-" + i / CONVERSATION),
                    IntStream.range(i, i + MESSAGES_AT_ONCE)
                            .mapToObj(message -> NewMessage.of("m" + message, "user", texts.message()))
                            .toList());
        }
        for (int i = 0; i < units / 2 / PARAGRAPHS; i++) {
            documents.put(CONTEXT, document(i % RARE_EVERY == 0 ? List.of(RARE) : List.of()), OptionalLong.empty());
        }
    }

    private NewDocument document(List<String> tags) {
        return new NewDocument(
                (DocumentId) null,
                texts.title(),
                texts.document(PARAGRAPHS, PARAGRAPH_CHARACTERS).getBytes(UTF_8),
                "text/plain",
                null,
                null,
                null,
                tags,
                JsonNodeFactory.instance.objectNode(),
                null);
    }

    private void compare(List<String> asked, BenchDatabase database) throws Exception {
        var built = Table.begin("Dense index of the same passages", "index", "seconds", "passages", "size");
        long start = System.nanoTime();
        var passages = passages();
        follow((events, to) -> PassageVectors.of(
                events.stream()
                        .flatMap(event -> passages.changes(event).stream())
                        .flatMap(change -> change.passages().stream())
                        .toList(),
                embeddings));
        built.row("none: the passages and their vectors alone", seconds(start), "", "");
        try (var lucene = Engine.Vectors.lucene().open(folder, this::passages, embeddings);
                var pgvector = database.pgvector().open(folder, this::passages, embeddings)) {
            var onLucene = lucene.current().projection();
            var onPgvector = pgvector.current().projection();
            built.row("Lucene", build(onLucene), number("%,d", onLucene.passages()), size(folder.resolve("dense")));
            var took = build(onPgvector);
            database.execute("VACUUM ANALYZE knowledge_base_1");
            built.row("pgvector", took, number("%,d", units(database)), sizes(database));
            ask(asked, onLucene, onPgvector);
            remember(folder.resolve("dense"), database);
        }
    }

    /// What of the indexes the questions have brought into memory and left there.
    private static void remember(Path lucene, BenchDatabase database) throws Exception {
        var table = Table.begin("In memory after the questions", "index", "memory");
        table.row("Lucene", number("%,.0f MB of its files, mapped", MappedFiles.residentBytes(lucene) / 1e6));
        database.execute("CREATE EXTENSION IF NOT EXISTS pg_buffercache");
        table.row(
                "pgvector",
                number(
                        "%s MB of the server's buffers, of %s; the rest comes from the machine's cache",
                        database.text("""
                            SELECT count(*) * current_setting('block_size')::int / 1000000 FROM pg_buffercache buffer
                            JOIN pg_class ON buffer.relfilenode = pg_relation_filenode(pg_class.oid)
                            WHERE reldatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
                                AND relname LIKE 'knowledge_base_1%'\
                            """), database.text("SHOW shared_buffers")));
    }

    private static String seconds(long start) {
        return number("%.0f", (System.nanoTime() - start) / 1e9);
    }

    private String build(DenseIndex index) {
        long start = System.nanoTime();
        follow((events, to) -> index.apply(0, events, to));
        index.publish();
        index.commit();
        return seconds(start);
    }

    private void follow(BiConsumer<List<Event>, Long> batch) {
        long position = 0;
        for (var events = log.feed().after(0, position, EVENTS_AT_ONCE, 8 << 20);
                !events.isEmpty();
                events = log.feed().after(0, position, EVENTS_AT_ONCE, 8 << 20)) {
            position = events.getLast().position().number();
            batch.accept(events, position);
        }
    }

    private static long units(BenchDatabase database) throws Exception {
        return Long.parseLong(database.text("SELECT count(*) FROM knowledge_base"));
    }

    private static String size(Path folder) {
        return number("%,.0f MB", Folders.bytes(folder) / 1e6);
    }

    private static String sizes(BenchDatabase database) throws Exception {
        return number(
                "rows %s MB, graph %s MB, other indexes %s MB",
                database.text("SELECT pg_table_size('knowledge_base_1') / 1000000"),
                database.text("SELECT pg_relation_size('knowledge_base_1_embedding') / 1000000"),
                database.text("SELECT (pg_indexes_size('knowledge_base_1')"
                        + " - pg_relation_size('knowledge_base_1_embedding')) / 1000000"));
    }

    private void ask(List<String> asked, DenseIndex lucene, DenseIndex pgvector) {
        var vectors = asked.stream()
                .map(question -> embeddings.query(Tenant.DEFAULT, question))
                .toList();
        var table = Table.begin(
                "%d nearest passages of %d questions, one after another".formatted(CANDIDATES, vectors.size() - WARMUP),
                "filter",
                "Lucene p50",
                "Lucene p95",
                "recall@10",
                "pgvector p50",
                "pgvector p95",
                "recall@10");
        row(table, "none", Filters.NONE, vectors, lucene, pgvector);
        row(table, "half of the passages: documents", kind(Kind.DOCUMENT), vectors, lucene, pgvector);
        row(table, "one in a hundred: a tag", tag(RARE), vectors, lucene, pgvector);
    }

    private static Filters kind(Kind kind) {
        return new Filters(Set.of(kind), Set.of(), null, null, List.of(), List.of(), null, null, null, Map.of());
    }

    private static Filters tag(String tag) {
        return new Filters(Set.of(), Set.of(), null, null, List.of(tag), List.of(), null, null, null, Map.of());
    }

    private static void row(
            Table table, String name, Filters filters, List<float[]> vectors, DenseIndex lucene, DenseIndex pgvector) {
        var timed = vectors.subList(WARMUP, vectors.size());
        for (var index : List.of(lucene, pgvector)) {
            vectors.subList(0, WARMUP).forEach(vector -> search(index, vector, filters, false));
        }
        // In turns, so that a busy machine meets both.
        var millis = timed.stream()
                .map(vector -> new double[] {millis(lucene, vector, filters), millis(pgvector, vector, filters)})
                .toList();
        var first = Sample.of(IntStream.range(0, millis.size()), i -> millis.get(i)[0]);
        var second = Sample.of(IntStream.range(0, millis.size()), i -> millis.get(i)[1]);
        table.row(
                name,
                number("%.1f ms", first.median()),
                number("%.1f ms", first.quantile(.95)),
                number("%.4f", found(lucene, timed, filters)),
                number("%.1f ms", second.median()),
                number("%.1f ms", second.quantile(.95)),
                number("%.4f", found(pgvector, timed, filters)));
    }

    private static double millis(DenseIndex index, float[] vector, Filters filters) {
        long start = System.nanoTime();
        search(index, vector, filters, false);
        return (System.nanoTime() - start) / 1e6;
    }

    private static List<Candidate> search(DenseIndex index, float[] vector, Filters filters, boolean exact) {
        return index.search(Tenant.DEFAULT, vector, filters, CANDIDATES, exact);
    }

    /// The share of the ten exactly nearest that a search finds among its first ten.
    private static double found(DenseIndex index, List<float[]> vectors, Filters filters) {
        return vectors.stream()
                .mapToDouble(vector -> {
                    var exact = nearest(search(index, vector, filters, true));
                    var walked = nearest(search(index, vector, filters, false));
                    walked.retainAll(exact);
                    return (double) walked.size() / exact.size();
                })
                .average()
                .orElse(Double.NaN);
    }

    private static Set<String> nearest(List<Candidate> candidates) {
        return new HashSet<>(candidates.stream()
                .limit(NEAREST)
                .map(candidate -> candidate.ref().id())
                .toList());
    }

    private Passages passages() {
        return new Passages(List.of(
                new ConversationSource(log, new Chunker(ChunkSettings.DEFAULT), tenant -> new Language("en")),
                new DocumentSource(documents, new Chunker(ChunkSettings.DEFAULT), tenant -> new Language("en"))));
    }

    @Override
    public void close() {
        log.close();
        embeddings.close();
    }
}
