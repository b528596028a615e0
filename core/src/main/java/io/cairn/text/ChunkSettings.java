package io.cairn.text;

import java.util.Locale;

/// How long chunks are, in code points.
///
/// A section up to the maximum is one chunk. Longer ones are cut at the last good place before the target, and only
/// where there is none at the first one behind it. Neighbouring sections shorter than the minimum share a chunk.
///
/// @param sentenceLocale whose rules find the ends of sentences; fixed, so that every machine cuts alike
public record ChunkSettings(int minCharacters, int targetCharacters, int maxCharacters, Locale sentenceLocale) {
    public static final ChunkSettings DEFAULT = new ChunkSettings(200, 1200, 1600, Locale.ROOT);

    /// Below this a chunk could be forced to split what a reader sees as one character.
    private static final int SMALLEST_MAXIMUM = 16;

    public ChunkSettings {
        if (minCharacters < 1 || targetCharacters < minCharacters || maxCharacters < targetCharacters) {
            throw new IllegalArgumentException(
                    "Chunk sizes are minimum %d, target %d, maximum %d: each must be at least the one before it, from 1 on"
                            .formatted(minCharacters, targetCharacters, maxCharacters));
        }
        if (maxCharacters < SMALLEST_MAXIMUM) {
            throw new IllegalArgumentException(
                    "Chunk maximum is %d: allowed is %d or more".formatted(maxCharacters, SMALLEST_MAXIMUM));
        }
    }
}
