package io.cairn.bench;

import io.cairn.bench.DataSet.Question;
import java.util.List;

/// Something that answers the questions of a data set with a ranking of its texts.
interface Ranker extends AutoCloseable {
    /// How many texts a ranking holds at the most.
    int DEPTH = 100;

    /// A text with its score; the best comes first.
    record Scored(String id, double score) {}

    List<Scored> rank(Question question);

    @Override
    void close();
}
