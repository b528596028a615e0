package io.cairn.bench;

import java.util.List;
import java.util.Locale;

/// A table as Markdown, printed line by line as it is measured.
final class Table {
    private final int columns;

    private Table(int columns) {
        this.columns = columns;
    }

    /// Prints the heads, under what was measured and where.
    static Table begin(String what, String... heads) {
        System.out.printf("%n## %s%n%s%n%n", what, Machine.line());
        print(List.of(heads));
        System.out.println("|" + "---|".repeat(heads.length));
        return new Table(heads.length);
    }

    void row(Object... cells) {
        if (cells.length != columns) {
            throw new IllegalArgumentException("A row has %d cells; found %d".formatted(columns, cells.length));
        }
        print(List.of(cells));
    }

    private static void print(List<?> cells) {
        System.out.println(
                "| " + String.join(" | ", cells.stream().map(String::valueOf).toList()) + " |");
        System.out.flush();
    }

    static String number(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /// Whether a goal was met, as a cell.
    static String met(boolean met) {
        return met ? "met" : "**missed**";
    }
}
