package io.cairn.bench;

import static io.cairn.bench.Table.number;

import io.cairn.adapter.sql.SqliteVectorStore;
import io.cairn.bench.Ranker.Scored;
import io.cairn.model.EmbeddingMeter;
import io.cairn.model.EmbeddingModel;
import io.cairn.model.Embeddings;
import io.cairn.model.VectorStore;
import io.cairn.recall.RecallSettings;
import io.cairn.seal.MasterKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What a backlog costs: all questions of a set are asked while only some of its passages have been embedded.
///
/// The index waits where it is told to, so that queries have the processor to themselves. What a query reads by
/// itself is embedded by the model, as in an import, and as many passages for as long as by default; `--unread` and
/// `--wait` tell it how many passages at the most, and for how many milliseconds.
final class BacklogBench implements AutoCloseable {
    private static final List<String> SETS = List.of("dialogs", "scifact");
    private static final List<Double> SHARES = List.of(0.0, .25, .5, .75);

    private final Path folder;
    private final MasterKey key = new MasterKey(new byte[MasterKey.BYTES]);
    private final EmbeddingModel model;
    private final VectorStore store;
    private final Embeddings kept;
    private final RecallSettings settings;

    private BacklogBench(Path folder, Options options) {
        this.folder = folder;
        model = Models.bgeSmall(folder);
        store = SqliteVectorStore.open(options.path("vectors").orElse(folder.resolve("vectors.db")));
        kept = embeddings(model, store);
        var defaults = RecallSettings.defaults();
        settings = settings(
                options.number("unread", defaults.unreadMax()),
                Duration.ofMillis(options.number(
                        "wait", Math.toIntExact(defaults.unreadWait().toMillis()))));
    }

    /// Characters are read in the same proportion.
    private static RecallSettings settings(int unreadMax, Duration wait) {
        var defaults = RecallSettings.defaults();
        return defaults.readingUnread(
                unreadMax, unreadMax * defaults.unreadCharactersMax() / defaults.unreadMax(), wait);
    }

    static void run(Options options) throws IOException, InterruptedException {
        var table = Table.begin(
                "Recall with a backlog", "set", "embedded", "recall@10 [95 %]", "beside all of them, in points [95 %]");
        var folder = Files.createTempDirectory("cairn-bench");
        try (var bench = new BacklogBench(folder, options)) {
            for (var name : options.words().isEmpty() ? SETS : options.words()) {
                bench.measure(DataSet.read(options.datasets().resolve(name)), table);
            }
        } finally {
            Folders.delete(folder);
        }
    }

    private void measure(DataSet set, Table table) throws IOException, InterruptedException {
        long passages;
        Sample all;
        var open = new Gate(model, kept).wideOpen();
        try (var counted = embeddings(open, new NoVectors());
                var ranker = CairnRanker.worded(set, folder(set, "all"), key, kept, behind(counted))) {
            ranker.awaitIndexed();
            passages = ranker.embedded();
            all = recall(set, ranker);
        }
        long texts = open.passed();
        var gate = new Gate(model, kept);
        try (var gated = embeddings(gate, new NoVectors());
                var asking = embeddings(model, new NoVectors());
                var ranker = CairnRanker.worded(set, folder(set, "part"), key, asking, behind(gated))) {
            for (double share : SHARES) {
                gate.open(Math.round(share * texts));
                long embedded = ranker.embedded();
                var some = recall(set, ranker);
                report(table, set, (double) embedded / passages, some, some.minus(all));
            }
        }
        report(table, set, 1, all, all.minus(all));
    }

    private Path folder(DataSet set, String which) throws IOException {
        return Files.createDirectory(folder.resolve("%s-%s".formatted(set.name(), which)));
    }

    /// An index that embeds by another way than queries do.
    private static Engine.Vectors behind(Embeddings gated) {
        return (at, passages, embeddings) -> Engine.Vectors.lucene().open(at, passages, gated);
    }

    private Sample recall(DataSet set, CairnRanker ranker) {
        return new Sample(set.questions().stream()
                .filter(question -> !question.category().equals(QualityBench.SWAPPED))
                .mapToDouble(question -> Metric.RECALL_AT_10.of(
                        ranker.rank(question, settings).stream().map(Scored::id).toList(),
                        set.answers().getOrDefault(question.id(), Map.of())))
                .toArray());
    }

    private static void report(Table table, DataSet set, double embedded, Sample some, Sample less) {
        var interval = some.interval();
        var beside = less.interval();
        table.row(
                set.name(),
                number("%.0f %%", 100 * embedded),
                number("%.3f [%.3f–%.3f]", some.mean(), interval.low(), interval.high()),
                number("%+.1f [%+.1f – %+.1f]", 100 * less.mean(), 100 * beside.low(), 100 * beside.high()));
    }

    private Embeddings embeddings(EmbeddingModel of, VectorStore in) {
        return new Embeddings(of, in, key::fingerprintKey, EmbeddingMeter.none(), Embeddings.Settings.DEFAULT);
    }

    @Override
    public void close() {
        kept.close();
        store.close();
    }
}
