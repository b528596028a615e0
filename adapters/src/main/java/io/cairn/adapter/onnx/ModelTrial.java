package io.cairn.adapter.onnx;

/// Tries a model out before anybody relies on it.
final class ModelTrial {
    private ModelTrial() {}

    /// How many dimensions its vectors have. A model that an operator brought also has to read a whole window.
    static int dimensions(OnnxModel model, TokenWindows tokens, Inference inference) {
        try {
            int dimensions = inference.run(tokens.of("a").getFirst()).length;
            return switch (model.weights()) {
                case ModelSource.OnClassPath trusted -> dimensions;
                case ModelSource.OfFile brought -> inference.run(tokens.longest()).length;
            };
        } catch (IllegalStateException e) {
            throw new ModelBrokenException(
                    model.weights(),
                    "it does not read a window of %d tokens, or its tokenizer is another model's (%s)"
                            .formatted(tokens.windowTokens(), e.getMessage()),
                    e);
        }
    }
}
