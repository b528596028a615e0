package io.cairn.recall;

import io.cairn.model.EmbeddingException;
import io.cairn.model.EmbeddingModel;
import io.cairn.model.ForwardingModel;
import java.util.ArrayList;
import java.util.List;

/// A model that fails, or gives vectors of a wrong length, while it is told to.
final class TryingModel implements ForwardingModel {
    private final EmbeddingModel model;
    volatile boolean fails;
    volatile boolean cuts;

    TryingModel(EmbeddingModel model) {
        this.model = model;
    }

    @Override
    public EmbeddingModel model() {
        return model;
    }

    @Override
    public List<float[]> embedPassages(List<String> passages) {
        if (fails) {
            throw EmbeddingException.failed("failing", "passages", new IllegalStateException("off"));
        }
        var vectors = new ArrayList<float[]>();
        model.embedPassages(passages).forEach(vector -> vectors.add(cuts ? new float[] {1, 0} : vector));
        return vectors;
    }
}
