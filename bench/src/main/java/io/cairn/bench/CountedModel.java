package io.cairn.bench;

import io.cairn.model.EmbeddingMeter;
import io.cairn.model.EmbeddingModel;
import io.cairn.model.Embeddings;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// A model that counts what it is asked, and what was found on the way to it. Used by one thread.
final class CountedModel extends ForwardingModel implements EmbeddingMeter {
    private static final int PER_CALL = Embeddings.Settings.DEFAULT.passagesPerCall();

    private final Map<Level, Long> hits = new EnumMap<>(Level.class);
    private long texts;
    private long callsWithout;
    private long calls;
    private long asked;

    CountedModel(EmbeddingModel model) {
        super(model);
    }

    /// So many texts come to a node.
    void come(int some) {
        texts += some;
        callsWithout += Math.ceilDiv(some, PER_CALL);
    }

    void add(CountedModel other) {
        texts += other.texts;
        callsWithout += other.callsWithout;
        calls += other.calls;
        asked += other.asked;
        other.hits.forEach((level, some) -> hits.merge(level, some, Long::sum));
    }

    long texts() {
        return texts;
    }

    long calls() {
        return calls;
    }

    /// How many there would be if nothing was found.
    long callsWithout() {
        return callsWithout;
    }

    long hits(Level level) {
        return hits.getOrDefault(level, 0L);
    }

    /// The share of texts that the model was not asked for.
    double found() {
        return 1 - (double) asked / texts;
    }

    /// The share of calls that were not made.
    double saved() {
        return 1 - (double) calls / callsWithout;
    }

    @Override
    public float[] embedQuery(String query) {
        calls++;
        asked++;
        return super.embedQuery(query);
    }

    @Override
    public List<float[]> embedPassages(List<String> passages) {
        calls++;
        asked += passages.size();
        return super.embedPassages(passages);
    }

    @Override
    public void lookedUp(Level level, int found, int misses) {
        hits.merge(level, (long) found, Long::sum);
    }

    @Override
    public void called(String provider, Status status, Duration took) {}

    @Override
    public void cut(String provider, long tokens) {}

    @Override
    public void fellBack(String from, String to, int times) {}

    @Override
    public void refused(String provider, int refused) {}
}
