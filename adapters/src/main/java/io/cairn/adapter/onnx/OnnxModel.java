package io.cairn.adapter.onnx;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// An embedding model as ONNX weights and a Hugging Face tokenizer, with what neither file says.
///
/// @param name how operators call it
/// @param queryPrefix stands before every query, exactly as it was trained
/// @param passagePrefix stands before every passage
/// @param languages ISO 639 codes of the languages that it understands; empty for any
/// @param windowTokens how many tokens it reads at once, the special ones included
/// @param normalised whether vectors are brought to length 1
/// @param shapes what is known about its inner shapes and makes it faster
public record OnnxModel(
        String name,
        ModelSource weights,
        ModelSource tokenizer,
        Pooling pooling,
        String queryPrefix,
        String passagePrefix,
        Set<String> languages,
        int windowTokens,
        boolean normalised,
        List<KnownShape> shapes) {
    private static final int WINDOW_TOKENS_MIN = 8;

    public OnnxModel {
        if (name.isBlank()) {
            throw new IllegalArgumentException("A model has a name; found none");
        }
        if (windowTokens < WINDOW_TOKENS_MIN) {
            throw new IllegalArgumentException("The window of model '%s' has %d tokens or more; found %d"
                    .formatted(name, WINDOW_TOKENS_MIN, windowTokens));
        }
        languages = Set.copyOf(languages);
        shapes = List.copyOf(shapes);
    }

    /// bge-small-en-v1.5 with 8-bit weights, from the class path: 384 dimensions, English.
    public static OnnxModel bgeSmallEnglish() {
        return new OnnxModel(
                "bge-small-en-v1.5-q",
                new ModelSource.OnClassPath("bge-small-en-v1.5-q.onnx"),
                new ModelSource.OnClassPath("bge-small-en-v1.5-q-tokenizer.json"),
                Pooling.CLS,
                "Represent this sentence for searching relevant passages: ",
                "",
                Set.of("en"),
                512,
                true,
                KnownShape.ofBertEncoder(12, 384));
    }

    /// Any model by its files.
    ///
    /// @param settingPrefix what the names of its settings begin with, for messages
    public static OnnxModel ofFiles(
            String settingPrefix,
            Path weights,
            Path tokenizer,
            Pooling pooling,
            String queryPrefix,
            String passagePrefix,
            Set<String> languages,
            int windowTokens) {
        return new OnnxModel(
                nameOf(weights),
                new ModelSource.OfFile(settingPrefix + "model-path", weights),
                new ModelSource.OfFile(settingPrefix + "tokenizer-path", tokenizer),
                pooling,
                queryPrefix,
                passagePrefix,
                languages,
                windowTokens,
                true,
                List.of());
    }

    private static String nameOf(Path weights) {
        var file = weights.getFileName();
        return file == null ? weights.toString() : file.toString().replaceFirst("\\.onnx$", "");
    }
}
