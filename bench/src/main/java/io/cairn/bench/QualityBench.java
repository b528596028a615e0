package io.cairn.bench;

import static io.cairn.bench.Table.number;

import io.cairn.adapter.sql.SqliteVectorStore;
import io.cairn.bench.DataSet.Question;
import io.cairn.bench.Ranker.Scored;
import io.cairn.model.EmbeddingMeter;
import io.cairn.model.Embeddings;
import io.cairn.seal.MasterKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// How well recall finds, on public data sets, beside plain BM25 in the same run.
///
/// With `--out DIR` the rankings are written as TREC runs, for other scorers. With `--vectors FILE` vectors
/// are kept, and a second run does not embed again.
final class QualityBench {
    private static final List<String> SETS = List.of("dialogs", "scifact", "cranfield", "xquad-ro", "xquad-de");

    /// Questions that name the wrong speaker on purpose.
    static final String SWAPPED = "adversarial";

    /// The conversations on which weights may be chosen; the others only tell how good they are.
    static final Set<String> CHOSEN_ON = Set.of("conv-26", "conv-30");

    private QualityBench() {}

    /// Some of a set's questions, judged by one metric.
    ///
    /// @param least that the metric is to reach
    /// @param gain that it is to have over BM25
    private record Part(
            String name, Metric metric, Predicate<Question> questions, OptionalDouble least, OptionalDouble gain) {
        Part(String name, Metric metric, Predicate<Question> questions) {
            this(name, metric, questions, OptionalDouble.empty(), OptionalDouble.empty());
        }
    }

    static void run(Options options) throws IOException, InterruptedException {
        var table = Table.begin(
                "Quality of recall",
                "questions",
                "n",
                "metric",
                "Cairn [95 %]",
                "BM25 [95 %]",
                "gain in points [95 %]",
                "goal");
        var folder = Files.createTempDirectory("cairn-bench");
        var out = options.path("out");
        var key = new MasterKey(new byte[MasterKey.BYTES]);
        try (var store = SqliteVectorStore.open(options.path("vectors").orElse(folder.resolve("vectors.db")));
                var embeddings = new Embeddings(
                        Models.bgeSmall(folder),
                        store,
                        key::fingerprintKey,
                        EmbeddingMeter.none(),
                        Embeddings.Settings.DEFAULT)) {
            for (var name : options.words().isEmpty() ? SETS : options.words()) {
                var set = DataSet.read(options.datasets().resolve(name));
                var compared = SideBySide.of(set, Files.createDirectory(folder.resolve(name)), key, embeddings);
                parts(set).forEach(part -> report(table, compared, part));
                if (out.isPresent()) {
                    write(out.get().resolve(name + ".cairn.run"), compared.cairn());
                    write(out.get().resolve(name + ".bm25.run"), compared.plain());
                }
            }
        } finally {
            Folders.delete(folder);
        }
    }

    private static List<Part> parts(DataSet set) {
        var name = set.name();
        return switch (name) {
            case "dialogs" -> dialogParts(set);
            case "scifact" ->
                List.of(new Part(
                        name, Metric.NDCG_AT_10, question -> true, OptionalDouble.empty(), OptionalDouble.of(.05)));
            case "xquad-ro" ->
                List.of(new Part(
                        name, Metric.NDCG_AT_10, question -> true, OptionalDouble.of(.95), OptionalDouble.empty()));
            default ->
                Stream.of(Metric.NDCG_AT_10, Metric.RECALL_AT_10)
                        .map(metric -> new Part(name, metric, question -> true))
                        .toList();
        };
    }

    private static List<Part> dialogParts(DataSet set) {
        Predicate<Question> swapped = question -> question.category().equals(SWAPPED);
        var asked = swapped.negate();
        Predicate<Question> chosenOn = question -> CHOSEN_ON.contains(question.group());
        var metric = Metric.RECALL_AT_10;
        var parts = new ArrayList<Part>();
        parts.add(new Part("dialogs, categories 1–4", metric, asked, OptionalDouble.of(.80), OptionalDouble.of(.15)));
        parts.add(new Part("… conv-26 and conv-30", metric, asked.and(chosenOn)));
        parts.add(new Part("… the other three conversations", metric, asked.and(chosenOn.negate())));
        set.questions().stream()
                .filter(asked)
                .map(Question::category)
                .distinct()
                .sorted()
                .forEach(category -> parts.add(new Part(
                        "… " + category, metric, question -> question.category().equals(category))));
        parts.add(new Part("dialogs, category 5 (speaker swapped)", metric, swapped));
        return parts;
    }

    private static void report(Table table, SideBySide compared, Part part) {
        var cairn = compared.cairn(part.metric(), part.questions());
        var plain = compared.plain(part.metric(), part.questions());
        var gain = cairn.minus(plain);
        table.row(
                part.name(),
                cairn.size(),
                part.metric(),
                shown("%.3f [%.3f–%.3f]", cairn, 1),
                shown("%.3f [%.3f–%.3f]", plain, 1),
                shown("%+.1f [%+.1f – %+.1f]", gain, 100),
                goal(part, cairn.mean(), gain.mean()));
    }

    private static String shown(String format, Sample sample, double times) {
        var interval = sample.interval();
        return number(format, sample.mean() * times, interval.low() * times, interval.high() * times);
    }

    private static String goal(Part part, double mean, double gain) {
        if (part.least().isEmpty() && part.gain().isEmpty()) {
            return "";
        }
        double least = part.least().orElse(0);
        double more = part.gain().orElse(Double.NEGATIVE_INFINITY);
        var goal = (part.least().isPresent() ? number("≥ %.2f, ", least) : "")
                + (part.gain().isPresent() ? number("≥ %+.0f points over BM25 ", more * 100) : "");
        return goal + Table.met(mean >= least && gain >= more);
    }

    /// Writes a run in TREC's format: `question Q0 text rank score tag`.
    private static void write(Path file, Map<Question, List<Scored>> rankings) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(
                file,
                rankings.entrySet().stream()
                        .flatMap(entry -> IntStream.range(0, entry.getValue().size())
                                .mapToObj(i -> line(
                                        entry.getKey(), i + 1, entry.getValue().get(i))))
                        .collect(Collectors.toList()));
    }

    private static String line(Question question, int rank, Scored scored) {
        return "%s Q0 %s %d %s cairn".formatted(question.id(), scored.id(), rank, scored.score());
    }
}
