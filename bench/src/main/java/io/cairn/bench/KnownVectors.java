package io.cairn.bench;

import io.cairn.model.EmbeddingModel;
import io.cairn.model.EmbeddingSpace;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// A model that knows the real vectors of a few thousand sentences and gives any other text one of those with noise.
///
/// It stands in for the real model where embedding a hundred thousand texts would take too long and is not what is
/// measured. Queries are embedded by the real model, and so are passages once that is asked for.
final class KnownVectors implements EmbeddingModel {
    /// The length of the noise; a vector has length 1.
    private static final double NOISE = .6;

    private final EmbeddingModel real;
    private volatile List<float[]> known = List.of();
    private volatile boolean reallyEmbedding;

    KnownVectors(EmbeddingModel real) {
        this.real = real;
    }

    void learn(List<String> sentences) {
        known = real.embedPassages(sentences);
    }

    void embedReally() {
        reallyEmbedding = true;
    }

    @Override
    public EmbeddingSpace space() {
        return real.space();
    }

    @Override
    public String provider() {
        return "bench";
    }

    @Override
    public Set<String> languages() {
        return real.languages();
    }

    @Override
    public float[] embedQuery(String query) {
        return real.embedQuery(query);
    }

    @Override
    public List<float[]> embedPassages(List<String> passages) {
        if (reallyEmbedding) {
            return real.embedPassages(passages);
        }
        var vectors = known;
        return passages.stream().map(text -> near(text, vectors)).toList();
    }

    private static float[] near(String text, List<float[]> vectors) {
        var random = new Random(text.hashCode());
        var vector = vectors.get(random.nextInt(vectors.size())).clone();
        double each = NOISE / Math.sqrt(vector.length);
        double squares = 0;
        for (int i = 0; i < vector.length; i++) {
            vector[i] += (float) (each * random.nextGaussian());
            squares += vector[i] * vector[i];
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= (float) Math.sqrt(squares);
        }
        return vector;
    }

    @Override
    public void close() {
        real.close();
    }
}
