package io.cairn.text;

/// What counts as white space between chunks: everything that Java or Unicode calls a space.
final class Blank {
    private Blank() {}

    static boolean is(int codePoint) {
        return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint);
    }

    /// The first place from `start` on that is not blank, or `end`.
    static int skip(int[] points, int start, int end) {
        int at = start;
        while (at < end && is(points[at])) {
            at++;
        }
        return at;
    }

    /// The place behind the last code point before `end` that is not blank, or `start`.
    static int trim(int[] points, int start, int end) {
        int at = end;
        while (at > start && is(points[at - 1])) {
            at--;
        }
        return at;
    }
}
