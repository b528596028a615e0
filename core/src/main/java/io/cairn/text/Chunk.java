package io.cairn.text;

import java.util.List;

/// A stretch of a text that is indexed and cited as one unit.
///
/// The text is exactly what stands between the offsets, which count code points of the whole text; the end is
/// exclusive. The heading path leads from the outermost heading to the one the stretch stands under.
public record Chunk(int index, int start, int end, List<String> headingPath, String text) {
    public Chunk {
        headingPath = List.copyOf(headingPath);
        if (index < 0 || start < 0 || end <= start) {
            throw new IllegalArgumentException(
                    "Chunk %d spans %d to %d: it must hold at least one code point".formatted(index, start, end));
        }
    }
}
