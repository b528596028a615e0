package io.cairn.bench;

import io.cairn.adapter.onnx.OnnxEmbeddingModel;
import io.cairn.adapter.onnx.OnnxModel;
import io.cairn.adapter.onnx.Pooling;
import io.cairn.model.EmbeddingMeter;
import io.cairn.model.EmbeddingModel;
import java.nio.file.Path;
import java.util.Set;

/// The models that measurements use.
final class Models {
    private Models() {}

    /// The product's default model with one thread per core, as the server opens it.
    static EmbeddingModel bgeSmall(Path natives) {
        int threads = Runtime.getRuntime().availableProcessors();
        return OnnxEmbeddingModel.open(OnnxModel.bgeSmallEnglish(), natives, threads, EmbeddingMeter.none());
    }

    /// The model that `--model` and `--tokenizer` name, or the default one.
    static EmbeddingModel of(Options options, Path natives) {
        var weights = options.path("model");
        if (weights.isEmpty()) {
            return bgeSmall(natives);
        }
        var model = OnnxModel.ofFiles(
                "--",
                weights.get(),
                options.path("tokenizer").orElseThrow(() -> new IllegalArgumentException("--model needs --tokenizer")),
                Pooling.valueOf(options.text("pooling", "MEAN")),
                options.text("query-prefix", ""),
                options.text("passage-prefix", ""),
                Set.of(),
                options.number("window-tokens", 512));
        return OnnxEmbeddingModel.open(
                model, natives, Runtime.getRuntime().availableProcessors(), EmbeddingMeter.none());
    }
}
