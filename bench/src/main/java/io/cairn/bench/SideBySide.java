package io.cairn.bench;

import io.cairn.bench.DataSet.Question;
import io.cairn.bench.Ranker.Scored;
import io.cairn.model.Embeddings;
import io.cairn.seal.MasterKey;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// The rankings of Cairn and of plain BM25 for all questions of a data set.
record SideBySide(DataSet set, Map<Question, List<Scored>> cairn, Map<Question, List<Scored>> plain) {

    /// @param folder for Cairn's data
    static SideBySide of(DataSet set, Path folder, MasterKey key, Embeddings embeddings) throws InterruptedException {
        return of(set, folder, key, embeddings, Engine.Vectors.lucene());
    }

    static SideBySide of(DataSet set, Path folder, MasterKey key, Embeddings embeddings, Engine.Vectors vectors)
            throws InterruptedException {
        try (var plain = PlainBm25.of(set);
                var cairn = CairnRanker.of(set, folder, key, embeddings, vectors)) {
            return new SideBySide(set, rankings(set, cairn), rankings(set, plain));
        }
    }

    private static Map<Question, List<Scored>> rankings(DataSet set, Ranker ranker) {
        var rankings = new LinkedHashMap<Question, List<Scored>>();
        set.questions().forEach(question -> rankings.put(question, ranker.rank(question)));
        return rankings;
    }

    Sample cairn(Metric metric, Predicate<Question> which) {
        return sample(metric, which, cairn);
    }

    Sample plain(Metric metric, Predicate<Question> which) {
        return sample(metric, which, plain);
    }

    private Sample sample(Metric metric, Predicate<Question> which, Map<Question, List<Scored>> rankings) {
        return new Sample(rankings.entrySet().stream()
                .filter(entry -> which.test(entry.getKey()))
                .mapToDouble(entry -> metric.of(
                        entry.getValue().stream().map(Scored::id).toList(),
                        set.answers().getOrDefault(entry.getKey().id(), Map.of())))
                .toArray());
    }
}
