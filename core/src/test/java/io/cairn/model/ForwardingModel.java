package io.cairn.model;

import java.util.List;
import java.util.Set;

/// A model in front of another: it passes on what it is asked, and its maker says only what is different.
public interface ForwardingModel extends EmbeddingModel {
    EmbeddingModel model();

    @Override
    default EmbeddingSpace space() {
        return model().space();
    }

    @Override
    default String provider() {
        return model().provider();
    }

    @Override
    default Set<String> languages() {
        return model().languages();
    }

    @Override
    default float[] embedQuery(String query) {
        return model().embedQuery(query);
    }

    @Override
    default List<float[]> embedPassages(List<String> passages) {
        return model().embedPassages(passages);
    }

    @Override
    default void close() {
        model().close();
    }
}
