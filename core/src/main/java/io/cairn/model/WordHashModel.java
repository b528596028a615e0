package io.cairn.model;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// A model without weights: each word of a text counts in the dimension that its hash names, and the counts are brought
/// to length 1.
final class WordHashModel implements EmbeddingModel {
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

    private final EmbeddingSpace space;

    WordHashModel(int dimensions) {
        this.space = new EmbeddingSpace("word-hash", "00000001", dimensions, true);
    }

    @Override
    public EmbeddingSpace space() {
        return space;
    }

    @Override
    public String provider() {
        return "memory";
    }

    @Override
    public Set<String> languages() {
        return Set.of();
    }

    @Override
    public float[] embedQuery(String query) {
        return embed(query);
    }

    @Override
    public List<float[]> embedPassages(List<String> passages) {
        return passages.stream().map(this::embed).toList();
    }

    @Override
    public void close() {}

    private float[] embed(String text) {
        var vector = new float[space.dimensions()];
        NO_WORD.splitAsStream(text.toLowerCase(Locale.ROOT))
                .filter(word -> !word.isEmpty())
                .forEach(word -> vector[Math.floorMod(spread(word.hashCode()), vector.length)] += 1);
        return normalised(vector);
    }

    private static int spread(int hash) {
        int mixed = (hash ^ (hash >>> 16)) * 0x45d9f3b;
        return mixed ^ (mixed >>> 16);
    }

    private static float[] normalised(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += value * value;
        }
        if (squares == 0) {
            vector[0] = 1;
            return vector;
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= (float) Math.sqrt(squares);
        }
        return vector;
    }
}
