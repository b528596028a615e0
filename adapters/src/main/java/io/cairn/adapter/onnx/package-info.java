/// Embedding in this process: ONNX Runtime and the Hugging Face tokenizers.
@NullMarked
package io.cairn.adapter.onnx;

import org.jspecify.annotations.NullMarked;
