package io.cairn.bench;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;

/// How good a ranking is: 0 to 1, for one question with its graded answers.
enum Metric {
    RECALL_AT_10("recall@10", (ranked, answers) -> recall(ranked, answers, 10)),
    NDCG_AT_10("nDCG@10", Metric::ndcg),
    MRR_AT_10("MRR@10", Metric::mrr);

    private static final int DEPTH = 10;

    private final String shown;
    private final ToDoubleBiFunction<List<String>, Map<String, Integer>> formula;

    Metric(String shown, ToDoubleBiFunction<List<String>, Map<String, Integer>> formula) {
        this.shown = shown;
        this.formula = formula;
    }

    double of(List<String> ranked, Map<String, Integer> answers) {
        return formula.applyAsDouble(ranked, answers);
    }

    @Override
    public String toString() {
        return shown;
    }

    private static double recall(List<String> ranked, Map<String, Integer> answers, int depth) {
        return (double) ranked.stream()
                        .limit(depth)
                        .filter(answers::containsKey)
                        .count()
                / answers.size();
    }

    /// Linear gain, discounted by the logarithm of the rank.
    private static double ndcg(List<String> ranked, Map<String, Integer> answers) {
        var found = ranked.stream().map(id -> answers.getOrDefault(id, 0)).toList();
        var ideal = answers.values().stream().sorted(Comparator.reverseOrder()).toList();
        return gain(found) / gain(ideal);
    }

    private static double gain(Collection<Integer> grades) {
        var inOrder = List.copyOf(grades);
        return IntStream.range(0, Math.min(DEPTH, inOrder.size()))
                .mapToDouble(i -> inOrder.get(i) * Math.log(2) / Math.log(i + 2))
                .sum();
    }

    private static double mrr(List<String> ranked, Map<String, Integer> answers) {
        return IntStream.range(0, Math.min(DEPTH, ranked.size()))
                .filter(i -> answers.containsKey(ranked.get(i)))
                .mapToDouble(i -> 1.0 / (i + 1))
                .findFirst()
                .orElse(0);
    }
}
