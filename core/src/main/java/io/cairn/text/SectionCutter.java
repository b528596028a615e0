package io.cairn.text;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/// Cuts one section into stretches that fit a chunk.
///
/// Places to cut come in ranks: the end of a block, of a sentence, of a line, of a word. Of the best rank
/// that has a place at all, the last one before the target length is taken, else the first one behind it.
/// Every look ahead ends at the maximum length, so that no text, however it is made, costs more than its
/// length times that maximum.
final class SectionCutter {
    private final int[] points;
    private final int start;
    private final int end;
    private final ChunkSettings settings;
    private final Blocks blocks;

    SectionCutter(int[] points, Section section, ChunkSettings settings) {
        this.points = points;
        this.start = Blank.skip(points, section.start(), section.end());
        this.end = Blank.trim(points, start, section.end());
        this.settings = settings;
        this.blocks = new Blocks(points, start, end, settings.maxCharacters());
    }

    List<Stretch> cut() {
        List<Stretch> stretches = new ArrayList<>();
        int at = start;
        while (at < end) {
            int cut = end - at <= settings.maxCharacters() ? end : nextCut(at);
            stretches.add(new Stretch(at, cut));
            at = Blank.skip(points, cut, end);
        }
        return stretches;
    }

    private int nextCut(int at) {
        int limit = at + settings.maxCharacters();
        List<Integer> blockEnds = blocks.endsBetween(at, limit);
        OptionalInt cut = best(blockEnds, at);
        if (cut.isEmpty()) {
            cut = best(sentenceEnds(at, limit), at);
        }
        if (cut.isEmpty()) {
            cut = best(ends(at, limit, this::isLineEnd), at);
        }
        if (cut.isEmpty()) {
            cut = last(ends(at + settings.minCharacters() - 1, limit, this::isWordEnd));
        }
        if (cut.isEmpty()) {
            cut = last(blockEnds);
        }
        return cut.orElseGet(() -> Blank.trim(points, at, lastWholeCharacter(at, limit)));
    }

    private OptionalInt best(List<Integer> places, int at) {
        int least = at + settings.minCharacters();
        int target = at + settings.targetCharacters();
        OptionalInt before =
                last(places.stream().filter(p -> p >= least && p <= target).toList());
        return before.isPresent()
                ? before
                : places.stream().filter(p -> p > target).mapToInt(p -> p).findFirst();
    }

    private static OptionalInt last(List<Integer> places) {
        return places.isEmpty() ? OptionalInt.empty() : OptionalInt.of(places.getLast());
    }

    /// Sentences are looked for in a window that reaches a little past the limit, as the break iterator decides on an
    /// end by what follows it.
    private List<Integer> sentenceEnds(int at, int limit) {
        BreakIterator sentences = BreakIterator.getSentenceInstance(settings.sentenceLocale());
        return boundaries(sentences, at, Math.min(end, limit + settings.minCharacters())).stream()
                .map(place -> Blank.trim(points, at, place))
                .filter(place -> place > at && place <= limit && !blocks.isInTable(place) && !blocks.tearsAt(place))
                .toList();
    }

    private int lastWholeCharacter(int at, int limit) {
        return boundaries(BreakIterator.getCharacterInstance(settings.sentenceLocale()), at, Math.min(end, limit + 1))
                .stream()
                .filter(place -> place <= limit)
                .reduce((earlier, later) -> later)
                .orElse(limit);
    }

    /// The iterator's boundaries in code points of the whole text, without the window's own two edges.
    private List<Integer> boundaries(BreakIterator iterator, int from, int to) {
        String window = new String(points, from, to - from);
        iterator.setText(window);
        iterator.first();
        List<Integer> places = new ArrayList<>();
        int units = 0;
        int place = from;
        for (int next = iterator.next(); next != BreakIterator.DONE && next < window.length(); next = iterator.next()) {
            place += window.codePointCount(units, next);
            units = next;
            places.add(place);
        }
        return places;
    }

    private List<Integer> ends(int from, int limit, IntPredicate isEnd) {
        List<Integer> places = new ArrayList<>();
        for (int place = from + 1; place <= limit; place++) {
            if (isEnd.test(place) && !blocks.tearsAt(place)) {
                places.add(place);
            }
        }
        return places;
    }

    private boolean isWordEnd(int place) {
        return !Blank.is(points[place - 1]) && Blank.is(points[place]);
    }

    private boolean isLineEnd(int place) {
        if (!isWordEnd(place)) {
            return false;
        }
        for (int at = place; at < end && Blank.is(points[at]); at++) {
            if (points[at] == '\n' || points[at] == '\r') {
                return true;
            }
        }
        return false;
    }

    /// A stretch of the text without blank edges.
    record Stretch(int start, int end) {}
}
