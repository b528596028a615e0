package io.cairn.bench;

import static io.cairn.bench.Table.number;

import io.cairn.adapter.sql.SqliteVectorStore;
import io.cairn.bench.DataSet.Question;
import io.cairn.bench.DataSet.Text;
import io.cairn.model.EmbeddingMeter;
import io.cairn.model.Embeddings;
import io.cairn.recall.Hit;
import io.cairn.seal.MasterKey;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/// Whether relevance tells what fits from what does not, with the meaning and by words alone, and which curves it
/// would have.
///
/// Every question is asked where its answer is, and once more where it is not: of the next conversation, or, in sets
/// that are one store, of those whose texts were left out. With `--model` and `--tokenizer` another model is tried.
final class RelevanceBench {
    private static final List<String> SETS = List.of("dialogs", "xquad-ro");
    private static final int FIRST = 10;
    private static final List<Double> THRESHOLDS = List.of(.2, .3, .4, .5, .6);

    private RelevanceBench() {}

    /// A question with the first hits that it got.
    ///
    /// @param answers the texts that answer it; none where nothing does
    /// @param chosenOn whether curves may be fitted to it
    private record Asked(boolean meant, Set<String> answers, boolean chosenOn, List<Hit> hits) {
        boolean right() {
            return !hits.isEmpty() && answers.contains(CairnRanker.textOf(hits.getFirst()));
        }

        double best(ToDoubleFunction<Hit> value) {
            return hits.stream().mapToDouble(value).max().orElse(0);
        }
    }

    static void run(Options options) throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("cairn-bench");
        var key = new MasterKey(new byte[MasterKey.BYTES]);
        try (var store = SqliteVectorStore.open(options.path("vectors").orElse(folder.resolve("vectors.db")));
                var embeddings = new Embeddings(
                        Models.of(options, folder),
                        store,
                        key::fingerprintKey,
                        EmbeddingMeter.none(),
                        Embeddings.Settings.DEFAULT)) {
            var table = Table.begin(
                    "Relevance of %s".formatted(embeddings.space().model()),
                    "set",
                    "searched by",
                    "threshold",
                    "nothing told where nothing answers",
                    "right first hits left out",
                    "precision",
                    "recall");
            for (var name : options.words().isEmpty() ? SETS : options.words()) {
                var whole = DataSet.read(options.datasets().resolve(name));
                var set = several(whole) ? whole : halved(whole);
                try (var cairn = CairnRanker.of(set, Files.createDirectory(folder.resolve(name)), key, embeddings)) {
                    var asked = asked(set, cairn);
                    report(table, name, "words and meaning", only(asked, Asked::meant));
                    report(table, name, "words", only(asked, one -> !one.meant()));
                    if (several(set)) {
                        fit(asked);
                    }
                }
            }
        } finally {
            Folders.delete(folder);
        }
    }

    private static boolean several(DataSet set) {
        return set.texts().stream().map(Text::group).distinct().count() > 1;
    }

    /// Without every second article, that is what stands in an id before its last letters.
    private static DataSet halved(DataSet set) {
        var articles =
                set.texts().stream().map(RelevanceBench::article).distinct().toList();
        return new DataSet(
                set.name(),
                set.texts().stream()
                        .filter(text -> articles.indexOf(article(text)) % 2 == 0)
                        .toList(),
                set.questions(),
                set.answers());
    }

    private static String article(Text text) {
        return text.id().replaceFirst("p\\d+$", "");
    }

    private static List<Asked> asked(DataSet set, CairnRanker cairn) {
        var groups = set.texts().stream().map(Text::group).distinct().toList();
        var there = set.texts().stream().map(Text::id).toList();
        var ids = Set.copyOf(there);
        var all = new ArrayList<Asked>();
        for (var question : set.questions()) {
            if (question.category().equals(QualityBench.SWAPPED)) {
                continue;
            }
            var answers = set.answers().getOrDefault(question.id(), Map.of()).keySet();
            var found = answers.stream().anyMatch(ids::contains) ? answers : Set.<String>of();
            for (boolean meant : new boolean[] {true, false}) {
                all.add(asked(cairn, question, question.group(), meant, found));
                if (groups.size() > 1) {
                    var next = groups.get((groups.indexOf(question.group()) + 1) % groups.size());
                    all.add(asked(cairn, question, next, meant, Set.of()));
                }
            }
        }
        return all;
    }

    private static Asked asked(CairnRanker cairn, Question question, String group, boolean meant, Set<String> answers) {
        var hits = cairn.hits(question.text(), group, meant);
        return new Asked(
                meant,
                answers,
                QualityBench.CHOSEN_ON.contains(question.group()),
                hits.subList(0, Math.min(FIRST, hits.size())));
    }

    private static List<Asked> only(List<Asked> asked, Predicate<Asked> which) {
        return asked.stream().filter(which).toList();
    }

    private static void report(Table table, String set, String legs, List<Asked> asked) {
        var judged = asked.stream().anyMatch(Asked::chosenOn) ? only(asked, one -> !one.chosenOn()) : asked;
        var answered = only(judged, one -> !one.answers().isEmpty());
        for (double threshold : THRESHOLDS) {
            table.row(
                    set,
                    legs,
                    number("%.1f", threshold),
                    share(only(judged, one -> one.answers().isEmpty()), one -> one.best(Hit::relevance) < threshold),
                    share(
                            only(answered, Asked::right),
                            one -> one.hits().getFirst().relevance() < threshold),
                    share(told(answered, threshold), one -> one.right),
                    share(
                            told(answered, 0).stream().filter(one -> one.right).toList(),
                            one -> one.relevance >= threshold));
        }
    }

    private record Told(boolean right, double relevance) {}

    private static List<Told> told(List<Asked> asked, double threshold) {
        return asked.stream()
                .flatMap(one -> one.hits().stream()
                        .map(hit -> new Told(one.answers().contains(CairnRanker.textOf(hit)), hit.relevance())))
                .filter(told -> told.relevance >= threshold)
                .toList();
    }

    private static <T> String share(List<T> of, Predicate<T> which) {
        return number("%.3f", (double) of.stream().filter(which).count() / of.size());
    }

    /// The curves that fit the questions on which they may be chosen.
    private static void fit(List<Asked> asked) {
        var chosen = only(asked, Asked::chosenOn);
        var both = curve(only(chosen, Asked::meant), RelevanceBench::score);
        var words = curve(only(chosen, one -> !one.meant()), hit -> raw(hit, "lexical"));
        System.out.printf(
                "%nFitted on %s: slope %.1f, offset %.1f, words-slope %.1f, words-offset %.1f%n%n",
                QualityBench.CHOSEN_ON, both[0], both[1], words[0], words[1]);
    }

    private static double score(Hit hit) {
        return hit.legs().stream().mapToDouble(Hit.LegScore::weighted).sum();
    }

    private static double raw(Hit hit, String leg) {
        return hit.legs().stream()
                .filter(score -> score.leg().equals(leg))
                .mapToDouble(Hit.LegScore::raw)
                .sum();
    }

    /// A logistic curve between right first hits and the best of what does not answer, both with the same weight.
    ///
    /// @return slope and offset
    private static double[] curve(List<Asked> asked, ToDoubleFunction<Hit> value) {
        var right = only(asked, Asked::right).stream()
                .mapToDouble(one -> value.applyAsDouble(one.hits().getFirst()))
                .toArray();
        var wrong = only(asked, one -> one.answers().isEmpty()).stream()
                .mapToDouble(one -> one.best(value))
                .toArray();
        return new Logistic(right, wrong).fitted();
    }
}
