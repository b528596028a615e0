package io.cairn.bench;

import io.cairn.adapter.onnx.OnnxEmbeddingModel;
import io.cairn.adapter.onnx.OnnxModel;
import io.cairn.model.EmbeddingMeter;
import io.cairn.model.EmbeddingModel;
import java.nio.file.Path;

/// The models that measurements use.
final class Models {
    private Models() {}

    /// The product's default model with one thread per core, as the server opens it.
    static EmbeddingModel bgeSmall(Path natives) {
        int threads = Runtime.getRuntime().availableProcessors();
        return OnnxEmbeddingModel.open(OnnxModel.bgeSmallEnglish(), natives, threads, EmbeddingMeter.none());
    }
}
