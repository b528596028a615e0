package io.cairn.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// What was done last, for whoever has to understand a run that failed.
final class Trace {
    private static final int LINES_MAX = 60;

    private final Deque<String> lines = new ArrayDeque<>();
    private int depth;

    void note(String what, Object... parts) {
        if (lines.size() == LINES_MAX) {
            lines.removeFirst();
        }
        lines.addLast("    ".repeat(depth) + what.formatted(parts));
    }

    /// What follows happens within what was noted last.
    void enter() {
        depth++;
    }

    void leave() {
        depth--;
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
