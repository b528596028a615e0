package io.cairn.bench;

import static io.cairn.bench.Table.number;

import io.cairn.adapter.sql.SqliteVectorStore;
import io.cairn.bench.DataSet.Text;
import io.cairn.knowledge.DocumentId;
import io.cairn.knowledge.NewDocument;
import io.cairn.model.EmbeddingMeter;
import io.cairn.model.EmbeddingModel;
import io.cairn.model.Embeddings;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import io.cairn.text.Language;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;

/// Documents from the call until both indexes show them, beside embedding the same chunks and nothing else.
final class IngestBench {
    private static final Context CONTEXT = new Context(Tenant.DEFAULT, "bench", "bench");
    private static final Duration INDEXING_MAX = Duration.ofHours(1);
    private static final double GOAL = .9;
    private static final int PASSAGES = 64;

    private IngestBench() {}

    static void run(Options options) throws Exception {
        int rounds = options.number("rounds", 3);
        int count = options.number("documents", 200);
        var texts = DataSet.read(options.datasets().resolve("scifact")).texts().subList(0, count);
        var folder = Files.createTempDirectory("cairn-bench");
        try (var model = Models.bgeSmall(folder)) {
            var table = Table.begin(
                    "Ingest %d abstracts, median of %d rounds".formatted(count, rounds),
                    "chunks",
                    "embedding alone",
                    "end to end",
                    "ratio [least–most]",
                    "goal");
            ingest(folder.resolve("warmup"), model, texts.subList(0, Math.min(20, count)));
            var ratios = new double[rounds];
            var alone = new double[rounds];
            var whole = new double[rounds];
            int chunks = 0;
            for (int round = 0; round < rounds; round++) {
                var ingested = ingest(folder.resolve("round-" + round), model, texts);
                chunks = ingested.passages().size();
                whole[round] = chunks / ingested.seconds();
                alone[round] = chunks / embed(model, ingested.passages());
                ratios[round] = whole[round] / alone[round];
            }
            var ratio = new Sample(ratios);
            table.row(
                    chunks,
                    number("%.1f chunks/s", new Sample(alone).median()),
                    number("%.1f chunks/s", new Sample(whole).median()),
                    number("%.2f [%.2f–%.2f]", ratio.median(), ratio.quantile(0), ratio.quantile(1)),
                    number("≥ %.1f ", GOAL) + Table.met(ratio.median() >= GOAL));
        } finally {
            Folders.delete(folder);
        }
    }

    private record Ingested(double seconds, List<String> passages) {}

    private static Ingested ingest(Path folder, EmbeddingModel model, List<Text> texts) throws Exception {
        Files.createDirectories(folder);
        var key = new MasterKey(new byte[MasterKey.BYTES]);
        var watched = new Watched(model);
        try (var store = SqliteVectorStore.open(folder.resolve("vectors.db"));
                var embeddings = new Embeddings(
                        watched, store, key::fingerprintKey, EmbeddingMeter.none(), Embeddings.Settings.DEFAULT);
                var engine = new Engine(folder, key, embeddings, new Language("en"))) {
            long start = System.nanoTime();
            texts.forEach(text -> engine.documents.put(CONTEXT, document(text), OptionalLong.empty()));
            engine.awaitIndexed(INDEXING_MAX);
            return new Ingested((System.nanoTime() - start) / 1e9, List.copyOf(watched.passages));
        }
    }

    private static double embed(EmbeddingModel model, List<String> passages) {
        long start = System.nanoTime();
        for (int from = 0; from < passages.size(); from += PASSAGES) {
            model.embedPassages(passages.subList(from, Math.min(passages.size(), from + PASSAGES)));
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static NewDocument document(Text text) {
        return NewDocument.plain(new DocumentId(text.id()), text.title(), text.text());
    }

    /// The model, which remembers what it was asked and outlives one round.
    private static final class Watched extends ForwardingModel {
        private final List<String> passages = new CopyOnWriteArrayList<>();

        Watched(EmbeddingModel model) {
            super(model);
        }

        @Override
        public List<float[]> embedPassages(List<String> texts) {
            passages.addAll(texts);
            return super.embedPassages(texts);
        }
    }
}
