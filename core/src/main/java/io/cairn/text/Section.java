package io.cairn.text;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The part of a text that stands under one heading, up to the next heading of any level.
///
/// @param hasBody whether anything follows the heading's own line
record Section(int start, int end, List<String> path, boolean hasBody) {

    /// Divides the text at its headings; sections too small to stand alone are joined with their neighbours.
    static List<Section> of(int[] points, List<Heading> headings, ChunkSettings settings) {
        List<Section> joined = new ArrayList<>();
        Section pending = null;
        for (Section next : divide(points, headings)) {
            if (pending != null && pending.joins(next, settings)) {
                pending = pending.join(next);
            } else {
                addTo(joined, pending);
                pending = next;
            }
        }
        addTo(joined, pending);
        return joined;
    }

    private static void addTo(List<Section> sections, @Nullable Section section) {
        if (section != null) {
            sections.add(section);
        }
    }

    private static List<Section> divide(int[] points, List<Heading> headings) {
        List<Section> sections = new ArrayList<>();
        int firstHeading =
                headings.isEmpty() ? points.length : headings.getFirst().start();
        if (Blank.skip(points, 0, firstHeading) < firstHeading) {
            sections.add(new Section(0, firstHeading, List.of(), true));
        }
        Deque<Heading> open = new ArrayDeque<>();
        for (int i = 0; i < headings.size(); i++) {
            Heading heading = headings.get(i);
            int end = i + 1 < headings.size() ? headings.get(i + 1).start() : points.length;
            while (!open.isEmpty() && open.getLast().level() >= heading.level()) {
                open.removeLast();
            }
            open.addLast(heading);
            List<String> path = open.stream().map(Heading::title).toList();
            sections.add(new Section(heading.start(), end, path, Blank.skip(points, heading.end(), end) < end));
        }
        return sections;
    }

    private boolean joins(Section next, ChunkSettings settings) {
        boolean tiny = length() < settings.minCharacters();
        boolean bothTiny = tiny && next.length() < settings.minCharacters();
        boolean fits = length() + next.length() <= settings.targetCharacters();
        return isAncestorOf(next) && !hasBody
                || isRelatedTo(next) && tiny && !hasBody
                || isRelatedTo(next) && bothTiny && fits;
    }

    /// A heading without a body gives way to its neighbour's path; two bodies share the path that is common to both.
    private Section join(Section next) {
        List<String> shared = hasBody ? commonPath(path, next.path) : next.path;
        return new Section(start, next.end, shared, hasBody || next.hasBody);
    }

    private int length() {
        return end - start;
    }

    private boolean isRelatedTo(Section next) {
        return isAncestorOf(next) || parent().equals(next.parent());
    }

    private boolean isAncestorOf(Section next) {
        return next.path.size() > path.size()
                && next.path.subList(0, path.size()).equals(path);
    }

    private List<String> parent() {
        return path.isEmpty() ? path : path.subList(0, path.size() - 1);
    }

    private static List<String> commonPath(List<String> one, List<String> other) {
        int common = 0;
        while (common < Math.min(one.size(), other.size()) && one.get(common).equals(other.get(common))) {
            common++;
        }
        return one.subList(0, common);
    }
}
