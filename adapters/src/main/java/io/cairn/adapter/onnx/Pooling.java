package io.cairn.adapter.onnx;

/// How the vectors of a text's tokens become the vector of the text.
public enum Pooling {
    /// That of the first token, as BGE was trained.
    CLS,
    /// Their mean, as MiniLM and E5 were trained.
    MEAN
}
