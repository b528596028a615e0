package io.cairn.text;

import java.util.ArrayList;
import java.util.List;

/// Divides a text into the chunks that are indexed and cited.
///
/// The same text, headings and settings always give the same chunks. They stand in the text's order, do not
/// overlap and leave out nothing but white space, so that each is a citation of its own; what a chunk lacks
/// of its surroundings, its heading path and the score of its neighbours give back.
///
/// A chunk does not reach across a heading, except that headings without a body and sections shorter than the minimum
/// join what follows them. Within a section it ends where a paragraph ends, else a sentence, a line, a word, and only
/// then in the middle of one. Tables and fenced code stay whole wherever they fit.
public final class Chunker {
    private final ChunkSettings settings;

    public Chunker(ChunkSettings settings) {
        this.settings = settings;
    }

    /// The chunks of a text without headings, such as a long message.
    public List<Chunk> chunk(String text) {
        return chunk(text, List.of());
    }

    /// The chunks of a text with headings in their order.
    public List<Chunk> chunk(String text, List<Heading> headings) {
        int[] points = text.codePoints().toArray();
        Heading.requireOrderedWithin(headings, points.length);
        List<Chunk> chunks = new ArrayList<>();
        for (Section section : Section.of(points, headings, settings)) {
            for (SectionCutter.Stretch stretch : new SectionCutter(points, section, settings).cut()) {
                int length = stretch.end() - stretch.start();
                String excerpt = length == points.length ? text : new String(points, stretch.start(), length);
                chunks.add(new Chunk(chunks.size(), stretch.start(), stretch.end(), section.path(), excerpt));
            }
        }
        return List.copyOf(chunks);
    }
}
