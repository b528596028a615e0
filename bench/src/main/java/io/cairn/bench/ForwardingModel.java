package io.cairn.bench;

import io.cairn.model.EmbeddingModel;
import io.cairn.model.EmbeddingSpace;
import java.util.List;
import java.util.Set;

/// A model that is another one but for what a bench changes of it, and is closed by whoever opened that one.
abstract class ForwardingModel implements EmbeddingModel {
    private final EmbeddingModel model;

    ForwardingModel(EmbeddingModel model) {
        this.model = model;
    }

    @Override
    public EmbeddingSpace space() {
        return model.space();
    }

    @Override
    public String provider() {
        return model.provider();
    }

    @Override
    public Set<String> languages() {
        return model.languages();
    }

    @Override
    public boolean reads(String text) {
        return model.reads(text);
    }

    @Override
    public float[] embedQuery(String query) {
        return model.embedQuery(query);
    }

    @Override
    public List<float[]> embedPassages(List<String> passages) {
        return model.embedPassages(passages);
    }

    @Override
    public void close() {}
}
