package io.cairn.server.wiring;

import io.cairn.text.ChunkSettings;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How long the stretches are, in characters, into which documents and long messages are cut.
///
/// @param min shorter sections share a chunk with their neighbour
/// @param target before which a longer section is cut at a good place
/// @param max up to which a section is one chunk
public record ChunksSettings(
        @DefaultValue("200") int min,
        @DefaultValue("1200") int target,
        @DefaultValue("1600") int max) {
    private static final int LEAST_MAX = 100;
    private static final int MOST_MAX = 20_000;

    public ChunksSettings {
        Checks.within("cairn.chunks.max", max, LEAST_MAX, MOST_MAX);
        Checks.within("cairn.chunks.target", target, 1, max);
        Checks.within("cairn.chunks.min", min, 1, target);
    }

    ChunkSettings settings() {
        return new ChunkSettings(min, target, max, ChunkSettings.DEFAULT.sentenceLocale());
    }
}
