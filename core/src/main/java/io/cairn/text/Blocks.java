package io.cairn.text;

import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The blocks of one section: paragraphs between blank lines, tables, and fenced code that is short enough to stay
/// whole.
///
/// A fence counts only where it closes within one chunk's length; a longer one is cut like any other text, and an
/// opening mark that nothing closes spoils nothing.
final class Blocks {
    private static final int SHORTEST_FENCE = 3;
    private static final int DEEPEST_FENCE_INDENT = 3;

    private final int[] points;
    private final int sectionEnd;
    private final int maxCharacters;
    private final NavigableSet<Integer> ends = new TreeSet<>();
    private final NavigableMap<Integer, Integer> tables = new TreeMap<>();
    private final NavigableMap<Integer, Integer> fences = new TreeMap<>();
    private Unclosed unclosed = new Unclosed(0, 0, 0);

    Blocks(int[] points, int start, int end, int maxCharacters) {
        this.points = points;
        this.sectionEnd = end;
        this.maxCharacters = maxCharacters;
        read(start);
    }

    /// Where blocks end behind `after`, up to and including `limit`, in order.
    List<Integer> endsBetween(int after, int limit) {
        return List.copyOf(ends.subSet(after, false, limit, true));
    }

    /// Whether a cut here would tear apart a table or fenced code that fits into one chunk.
    boolean tearsAt(int place) {
        return insideOf(fences, place) || insideOf(tables, place) && tableFits(place);
    }

    /// Whether the place lies within a table, where only the ends of rows are places to cut.
    boolean isInTable(int place) {
        return insideOf(tables, place);
    }

    private static boolean insideOf(NavigableMap<Integer, Integer> spans, int place) {
        var span = spans.lowerEntry(place);
        return span != null && span.getValue() > place;
    }

    private boolean tableFits(int place) {
        var table = tables.lowerEntry(place);
        return table.getValue() - table.getKey() <= maxCharacters;
    }

    private void read(int start) {
        Open open = new Open(Kind.NONE, start, start);
        int line = start;
        while (line < sectionEnd) {
            int lineEnd = endOfLine(line);
            int fenceEnd = endOfFence(line, lineEnd);
            if (fenceEnd > lineEnd) {
                close(open);
                close(new Open(Kind.FENCE, line, fenceEnd));
                open = new Open(Kind.NONE, fenceEnd, fenceEnd);
                line = fenceEnd;
            } else {
                open = extend(open, kindOf(line, lineEnd), line, lineEnd);
                line = lineEnd;
            }
        }
        close(open);
    }

    private Open extend(Open open, Kind kind, int line, int lineEnd) {
        if (open.kind == kind) {
            return new Open(kind, open.start, lineEnd);
        }
        close(open);
        return new Open(kind, line, lineEnd);
    }

    private void close(Open block) {
        if (block.kind == Kind.NONE) {
            return;
        }
        int start = Blank.skip(points, block.start, block.end);
        int end = Blank.trim(points, start, block.end);
        ends.add(end);
        if (block.kind == Kind.TABLE) {
            tables.put(start, end);
        }
        if (block.kind == Kind.FENCE) {
            fences.put(start, end);
        }
    }

    private Kind kindOf(int line, int lineEnd) {
        int first = Blank.skip(points, line, lineEnd);
        int last = Blank.trim(points, first, lineEnd);
        if (first == last) {
            return Kind.NONE;
        }
        return points[first] == '|' || hasTab(first, last) ? Kind.TABLE : Kind.PROSE;
    }

    private boolean hasTab(int from, int to) {
        for (int at = from; at < to; at++) {
            if (points[at] == '\t') {
                return true;
            }
        }
        return false;
    }

    /// The place behind the fence that this line opens, or `line` where it opens none.
    private int endOfFence(int line, int lineEnd) {
        int mark = fenceMark(line, lineEnd);
        int length = markLength(mark, lineEnd);
        if (length < SHORTEST_FENCE) {
            return line;
        }
        int limit = Math.min(sectionEnd, line + maxCharacters);
        int next = Math.max(lineEnd, unclosed.searchedTo(points[mark], length));
        while (next < limit) {
            int nextEnd = endOfLine(next);
            if (closes(next, nextEnd, points[mark], length)) {
                return Blank.trim(points, next, nextEnd) <= limit ? nextEnd : line;
            }
            next = nextEnd;
        }
        unclosed = new Unclosed(points[mark], length, next);
        return line;
    }

    private boolean closes(int line, int lineEnd, int character, int length) {
        int mark = fenceMark(line, lineEnd);
        int found = markLength(mark, lineEnd);
        return found >= length && points[mark] == character && Blank.skip(points, mark + found, lineEnd) == lineEnd;
    }

    /// Where a fence's mark would stand on this line: behind a small indent.
    private int fenceMark(int line, int lineEnd) {
        int mark = line;
        while (mark < lineEnd && mark - line < DEEPEST_FENCE_INDENT && points[mark] == ' ') {
            mark++;
        }
        return mark;
    }

    private int markLength(int mark, int lineEnd) {
        if (mark >= lineEnd || points[mark] != '`' && points[mark] != '~') {
            return 0;
        }
        int at = mark;
        while (at < lineEnd && points[at] == points[mark]) {
            at++;
        }
        return at - mark;
    }

    /// The place behind the line's break.
    private int endOfLine(int line) {
        int at = line;
        while (at < sectionEnd && points[at] != '\n' && points[at] != '\r') {
            at++;
        }
        if (at + 1 < sectionEnd && points[at] == '\r' && points[at + 1] == '\n') {
            return at + 2;
        }
        return Math.min(at + 1, sectionEnd);
    }

    private enum Kind {
        NONE,
        PROSE,
        TABLE,
        FENCE
    }

    /// How far no mark was found that closes a fence of this character and length. Without it a text of
    /// nothing but opening marks would be searched from each of them anew.
    private record Unclosed(int character, int length, int end) {
        int searchedTo(int wanted, int wantedLength) {
            return wanted == character && wantedLength >= length ? end : 0;
        }
    }

    private record Open(Kind kind, int start, int end) {}
}
