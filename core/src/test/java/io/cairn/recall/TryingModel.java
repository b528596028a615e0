package io.cairn.recall;

import io.cairn.model.EmbeddingException;
import io.cairn.model.EmbeddingModel;
import io.cairn.model.ForwardingModel;
import io.cairn.model.ModelException;
import java.util.ArrayList;
import java.util.List;

/// A model that fails, refuses some texts or all, or gives vectors of a wrong length, while it is told to.
final class TryingModel implements ForwardingModel {
    private static final String NOTHING = "\0";

    private final EmbeddingModel model;
    volatile boolean fails;
    volatile boolean cuts;
    volatile String refused = NOTHING;

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
        passages.forEach(this::requireTaken);
        var vectors = new ArrayList<float[]>();
        model.embedPassages(passages).forEach(vector -> vectors.add(cuts ? new float[] {1, 0} : vector));
        return vectors;
    }

    @Override
    public float[] embedQuery(String query) {
        requireTaken(query);
        return model.embedQuery(query);
    }

    private void requireTaken(String text) {
        if (text.contains(refused)) {
            throw ModelException.of("trying", ModelException.Kind.REFUSED, "The content filter stopped it");
        }
    }
}
