package io.cairn.server;

import java.util.List;

/// Settings by which a server has its vectors from the provider that they call `main`.
public final class EmbeddingSettings {
    private EmbeddingSettings() {}

    /// The model that a server is to answer by.
    public static List<String> present(String model, int dimensions) {
        return of("embedding", model, dimensions);
    }

    /// The one that its index may still be made with.
    public static List<String> former(String model, int dimensions) {
        return of("former-embedding", model, dimensions);
    }

    private static List<String> of(String which, String model, int dimensions) {
        var prefix = "--cairn.models.%s.".formatted(which);
        return List.of(
                prefix + "provider=main",
                prefix + "model=" + model,
                prefix + "ask-dimensions=true",
                prefix + "dimensions=" + dimensions);
    }
}
