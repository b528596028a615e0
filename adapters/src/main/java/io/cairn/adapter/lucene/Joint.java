package io.cairn.adapter.lucene;

/// What joins two parts of a name.
enum Joint {
    /// Nothing: a capital follows, or a digit.
    NONE,
    /// `-`, `_`, `.`, and `,` between digits.
    WEAK,
    /// `/`, `:`, `@` and the like, or several in a row.
    STRONG;

    private static final String WEAK_ONES = "-_.,";
    private static final String ALL = WEAK_ONES + "/\\:@=+~&#|>";
    private static final int LENGTH_MAX = 3;

    /// Where a joint ends that begins here, or -1 if none does.
    static int end(String text, int start) {
        int at = start;
        while (at < text.length() && at - start < LENGTH_MAX && ALL.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        if (at == start || at == text.length()) {
            return -1;
        }
        int next = text.codePointAt(at);
        boolean word = Words.isWord(next) && Script.of(next) == Script.SPACED;
        boolean comma = text.substring(start, at).indexOf(',') >= 0;
        return word && (!comma || at - start == 1 && betweenDigits(text, start)) ? at : -1;
    }

    private static boolean betweenDigits(String text, int at) {
        return at > 0 && Character.isDigit(text.charAt(at - 1)) && Character.isDigit(text.charAt(at + 1));
    }

    static Joint of(String text, int start, int end) {
        return end - start == 1 && WEAK_ONES.indexOf(text.charAt(start)) >= 0 ? WEAK : STRONG;
    }
}
