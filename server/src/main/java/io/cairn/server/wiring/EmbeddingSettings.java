package io.cairn.server.wiring;

import io.cairn.adapter.onnx.OnnxModel;
import io.cairn.adapter.onnx.Pooling;
import io.cairn.model.Embeddings;
import io.cairn.recall.Relevance;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// The embedding model and how it is run: bge-small-en, which comes with Cairn, or any ONNX model by its files.
///
/// @param modelPath an ONNX file
/// @param tokenizerPath its `tokenizer.json`
/// @param languages that the model understands; none for any
/// @param windowTokens that the model reads at once
/// @param threads texts embedded at once; 0 for one per core
/// @param memory of the first level of the cache
/// @param relevance how relevant hits are with this model, if it is not the one that comes with Cairn
/// @param replaces the model that is given up, whose full index is left for an empty one
public record EmbeddingSettings(
        @Nullable Path modelPath,
        @Nullable Path tokenizerPath,
        @DefaultValue("MEAN") Pooling pooling,
        @DefaultValue("") String queryPrefix,
        @DefaultValue("") String passagePrefix,
        @DefaultValue Set<String> languages,
        @DefaultValue("512") int windowTokens,
        @DefaultValue("0") int threads,
        @DefaultValue("64") int passagesPerCall,
        @DefaultValue("5s") Duration queryTimeout,
        @DefaultValue("2m") Duration passagesTimeout,
        @DefaultValue("64MB") DataSize memory,
        @Nullable Relevance relevance,
        @Nullable String replaces) {
    public EmbeddingSettings {
        languages = Set.copyOf(languages);
        if ((modelPath == null) != (tokenizerPath == null)) {
            throw new IllegalArgumentException(
                    "cairn.embedding.model-path and cairn.embedding.tokenizer-path are set together or not at all");
        }
        if (threads < 0) {
            throw new IllegalArgumentException("cairn.embedding.threads is 0 or more; found " + threads);
        }
    }

    OnnxModel model() {
        return modelPath == null || tokenizerPath == null
                ? OnnxModel.bgeSmallEnglish()
                : OnnxModel.ofFiles(
                        "cairn.embedding.",
                        modelPath,
                        tokenizerPath,
                        pooling,
                        queryPrefix,
                        passagePrefix,
                        languages,
                        windowTokens);
    }

    Relevance relevanceOfModel() {
        return relevance == null ? Relevance.defaults() : relevance;
    }

    int threadCount() {
        return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    }

    Embeddings.Settings calls() {
        return new Embeddings.Settings(
                queryTimeout,
                passagesTimeout,
                passagesPerCall,
                Embeddings.Settings.DEFAULT.callsMax(),
                memory.toBytes());
    }
}
