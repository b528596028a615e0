package io.cairn.adapter.tika;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Joins the words that the end of a line divides, as in a PDF: `infra-` and `structure`. A word that is written with
/// its hyphen within a line of the same text keeps it.
///
/// Each character is looked at a bounded number of times, so that no text costs more than its length.
final class DividedWords {
    private static final int LONGEST = 50;

    private DividedWords() {}

    /// A text with its words joined.
    ///
    /// @param removed where characters were taken out, rising
    record Joined(String text, List<Integer> removed) {
        /// Where something stands now that stood at an offset of the text as it was.
        int now(int offset) {
            int found = Collections.binarySearch(removed, offset);
            return offset - (found < 0 ? -found - 1 : found);
        }
    }

    static Joined joined(String text) {
        var removed = new ArrayList<Integer>();
        int at = text.indexOf("-\n");
        if (at < 0) {
            return new Joined(text, removed);
        }
        var hyphenated = hyphenated(text);
        var joined = new StringBuilder(text.length());
        int from = 0;
        for (; at >= 0; at = text.indexOf("-\n", at + 1)) {
            int start = start(text, at);
            int end = end(text, at + 2);
            if (isDivided(text, start, at, end)) {
                boolean keeps = hyphenated.contains(text.substring(start, at) + "-" + text.substring(at + 2, end));
                joined.append(text, from, keeps ? at + 1 : at);
                from = at + 2;
                if (!keeps) {
                    removed.add(at);
                }
                removed.add(at + 1);
            }
        }
        return new Joined(joined.append(text, from, text.length()).toString(), removed);
    }

    /// A part of one letter is rather a sign or a name, and a capital begins another word.
    private static boolean isDivided(String text, int start, int hyphen, int end) {
        return hyphen - start >= 2 && end - (hyphen + 2) >= 2 && Character.isLowerCase(text.charAt(hyphen + 2));
    }

    private static Set<String> hyphenated(String text) {
        var found = new HashSet<String>();
        for (int at = text.indexOf('-'); at >= 0; at = text.indexOf('-', at + 1)) {
            int end = end(text, at + 1);
            if (end > at + 1) {
                found.add(text.substring(start(text, at), end));
            }
        }
        return found;
    }

    private static int start(String text, int at) {
        int start = at;
        while (start > 0 && at - start < LONGEST && Character.isLetter(text.charAt(start - 1))) {
            start--;
        }
        return start;
    }

    private static int end(String text, int from) {
        int end = from;
        while (end < text.length() && end - from < LONGEST && Character.isLetter(text.charAt(end))) {
            end++;
        }
        return end;
    }
}
