package io.cairn.text;

import java.util.List;

/// A heading of an extracted text: where its line stands, how deep it is and what it says.
///
/// Offsets are code points in the extracted text, the end is exclusive. The title is the heading without its markup,
/// so it may differ from the text between the offsets (`## Install` is titled `Install`).
public record Heading(int start, int end, int level, String title) {
    public static final int DEEPEST_LEVEL = 6;

    public Heading {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("Heading '%s' spans %d to %d: offsets must be ordered and not negative"
                    .formatted(title, start, end));
        }
        if (level < 1 || level > DEEPEST_LEVEL) {
            throw new IllegalArgumentException(
                    "Heading '%s' has level %d: allowed are 1 to %d".formatted(title, level, DEEPEST_LEVEL));
        }
    }

    /// Refuses headings that are not in their order, overlap, or reach beyond a text of so many code points.
    public static void requireOrderedWithin(List<Heading> headings, int length) {
        int reached = 0;
        for (Heading heading : headings) {
            if (heading.start() < reached || heading.end() > length) {
                throw new IllegalArgumentException(
                        "%s overlaps the heading before it or ends behind the text's %d code points"
                                .formatted(heading, length));
            }
            reached = heading.end();
        }
    }
}
