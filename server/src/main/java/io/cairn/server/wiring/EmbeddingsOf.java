package io.cairn.server.wiring;

import io.cairn.model.EmbeddingModel;
import io.cairn.model.Embeddings;

/// Makes the embeddings of a model, with the caches and the store that all models have in common.
@FunctionalInterface
interface EmbeddingsOf {
    Embeddings model(EmbeddingModel model);
}
