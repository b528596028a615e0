package io.cairn.bench;

import static io.cairn.bench.Table.number;

import io.cairn.adapter.sql.SqliteVectorStore;
import io.cairn.bench.DataSet.Question;
import io.cairn.bench.Ranker.Scored;
import io.cairn.model.EmbeddingMeter;
import io.cairn.model.Embeddings;
import io.cairn.recall.RecallSettings;
import io.cairn.seal.MasterKey;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/// What the weights of recall are worth when they are chosen on two conversations and judged on three others.
final class WeightsBench {
    private WeightsBench() {}

    /// @param chosenOn recall@10 where weights may be chosen
    /// @param others recall@10 on conversations that had no say
    private record Tried(RecallSettings settings, double chosenOn, double others) {
        String shown() {
            return number(
                    "words %.1f, speaker %.2f, next %.2f, nameless %.1f",
                    settings.lexicalWeight(), settings.speakerBoost(), settings.nextLends(), settings.nameless());
        }
    }

    static void run(Options options) throws IOException, InterruptedException {
        var set = DataSet.read(options.datasets().resolve("dialogs"));
        var folder = Files.createTempDirectory("cairn-bench");
        var key = new MasterKey(new byte[MasterKey.BYTES]);
        try (var store = SqliteVectorStore.open(options.path("vectors").orElse(folder.resolve("vectors.db")));
                var embeddings = new Embeddings(
                        Models.bgeSmall(folder),
                        store,
                        key::fingerprintKey,
                        EmbeddingMeter.none(),
                        Embeddings.Settings.DEFAULT);
                var cairn = CairnRanker.of(set, Files.createDirectory(folder.resolve("data")), key, embeddings)) {
            var tried =
                    grid().stream().map(settings -> tried(set, cairn, settings)).toList();
            report(tried, tried(set, cairn, RecallSettings.defaults()));
        } finally {
            Folders.delete(folder);
        }
    }

    private static void report(List<Tried> tried, Tried defaults) {
        var best =
                tried.stream().max(Comparator.comparingDouble(Tried::chosenOn)).orElseThrow();
        var others = new Sample(tried.stream().mapToDouble(Tried::others).toArray());
        var table = Table.begin(
                "Weights of recall, dialogs, recall@10, %d combinations".formatted(tried.size()),
                "weights",
                "conv-26 and conv-30",
                "the other three");
        table.row(
                "chosen on the first two: " + best.shown(),
                number("%.3f", best.chosenOn()),
                number("%.3f", best.others()));
        table.row(
                "defaults: " + defaults.shown(),
                number("%.3f", defaults.chosenOn()),
                number("%.3f", defaults.others()));
        table.row(
                "all combinations, least, median and most",
                "",
                number("%.3f, %.3f, %.3f", others.quantile(0), others.median(), others.quantile(1)));
    }

    private static List<RecallSettings> grid() {
        var all = new ArrayList<RecallSettings>();
        for (double words : new double[] {.6, .8, 1}) {
            for (double speaker : new double[] {0, .05, .1}) {
                for (double next : new double[] {0, .05, .1}) {
                    for (double nameless : new double[] {0, .5}) {
                        all.add(settings(words, speaker, next, nameless));
                    }
                }
            }
        }
        return all;
    }

    private static RecallSettings settings(double words, double speaker, double next, double nameless) {
        var defaults = RecallSettings.defaults();
        return new RecallSettings(
                defaults.candidatesMax(),
                defaults.groupedCandidatesMax(),
                words,
                defaults.cosineFloor(),
                defaults.cosineSpan(),
                defaults.unread(),
                defaults.unreadMax(),
                defaults.unreadCharactersMax(),
                defaults.unreadWait(),
                nameless,
                speaker,
                next,
                defaults.lentFrom(),
                defaults.later(),
                defaults.relevance(),
                defaults.freshWait(),
                defaults.positionWait());
    }

    private static Tried tried(DataSet set, CairnRanker cairn, RecallSettings settings) {
        var chosenOn = DoubleStream.builder();
        var others = DoubleStream.builder();
        for (var question : set.questions()) {
            if (!question.category().equals(QualityBench.SWAPPED)) {
                (QualityBench.CHOSEN_ON.contains(question.group()) ? chosenOn : others)
                        .add(recall(set, question, cairn.rank(question, settings)));
            }
        }
        return new Tried(
                settings,
                new Sample(chosenOn.build().toArray()).mean(),
                new Sample(others.build().toArray()).mean());
    }

    private static double recall(DataSet set, Question question, List<Scored> ranked) {
        return Metric.RECALL_AT_10.of(
                ranked.stream().map(Scored::id).toList(), set.answers().getOrDefault(question.id(), Map.of()));
    }
}
