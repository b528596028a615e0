package io.cairn.adapter.onnx;

import org.jspecify.annotations.Nullable;

/// A model cannot be used as it is configured; an operator has to look at the setting or file that the message names.
public final class ModelBrokenException extends RuntimeException {
    ModelBrokenException(ModelSource source, String found, @Nullable Throwable cause) {
        super("%s: %s".formatted(source.shown(), found), cause);
    }
}
