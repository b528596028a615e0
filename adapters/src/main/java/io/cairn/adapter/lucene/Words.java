package io.cairn.adapter.lucene;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;
import java.util.ArrayList;
import java.util.List;

/// Cuts a text into words: the one way in which both what is stored and what is asked is cut.
///
/// What stands between spaces is a *name* if it has something like `_`, `.`, `/` or `-` in it, or capitals within, as
/// `MAX_RETRY_COUNT`, `maxRetryCount`, `10.0.12.7:5432` and `src/main/App.java` have. It is found by its parts, by each
/// two neighbouring parts, and by the whole, whichever way it is joined, so that whoever has the whole comes first.
/// Scripts without spaces are cut as [Script] says. Pictures (🚀) are words too.
final class Words {
    private static final int CHARACTERS_MAX = 200;
    private static final int PICTURE_FOLLOWS = 0xFE0F;

    private final List<Word> words = new ArrayList<>();
    private final boolean asked;
    private final String text;

    private Words(String text, boolean asked) {
        this.text = Forms.composed(text);
        this.asked = asked;
    }

    /// The words of a text that is stored.
    static List<Word> stored(String text) {
        return new Words(text, false).cut();
    }

    /// The words of a text that is asked. They are fewer: a single character of a script without spaces says little
    /// beside a pair of them.
    static List<Word> asked(String text) {
        return new Words(text, true).cut();
    }

    private List<Word> cut() {
        int at = 0;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            int end = at + Character.charCount(point);
            if (isWord(point)) {
                end = Script.of(point) == Script.SPACED ? name(at) : run(at, Script.of(point));
            } else if (isPicture(point)) {
                words.add(Word.of(Character.toString(point)));
            }
            at = end;
        }
        return words;
    }

    /// What stands from here on up to the next space, bracket or the like; the end of a sentence does not belong to it.
    private int name(int start) {
        var name = new Name(words);
        int at = start;
        int end = start;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            if (!isWord(point) || Script.of(point) != Script.SPACED) {
                int next = Joint.end(text, at);
                if (next < 0) {
                    break;
                }
                name.joint(Joint.of(text, at, next));
                at = next;
                continue;
            }
            end = atom(at);
            name.atom(text, at, end);
            at = end;
        }
        int marked = marked(end);
        name.finish(text.substring(end, marked));
        return marked;
    }

    /// Letters, digits and apostrophes within.
    private int atom(int start) {
        int at = start;
        while (at < text.length() && at - start < CHARACTERS_MAX) {
            int point = text.codePointAt(at);
            boolean apostrophe = point == '\''
                    && at + 1 < text.length()
                    && Character.isLetter(text.codePointAt(at + 1))
                    && Script.of(text.codePointAt(at + 1)) == Script.SPACED;
            boolean within = apostrophe || at > start && (point == 0x200C || point == 0x200D);
            if (!within && (!isWord(point) || Script.of(point) != Script.SPACED)) {
                break;
            }
            at += Character.charCount(point);
        }
        return at;
    }

    /// Behind the marks with which names of languages end: `C#`, `C++`.
    private int marked(int end) {
        int marked = text.startsWith("++", end) ? end + 2 : text.startsWith("#", end) ? end + 1 : end;
        return marked == text.length() || !isWord(text.codePointAt(marked)) ? marked : end;
    }

    private int run(int start, Script script) {
        int end = start;
        while (end < text.length() && isWord(text.codePointAt(end)) && Script.of(text.codePointAt(end)) == script) {
            end += Character.charCount(text.codePointAt(end));
        }
        var run = text.substring(start, end);
        if (script == Script.PAIRED) {
            pairs(Forms.folded(run));
        } else {
            looked(run);
        }
        return end;
    }

    private void pairs(String run) {
        int[] points = run.codePoints().toArray();
        for (int i = 0; i < points.length; i++) {
            if (!asked || points.length == 1) {
                words.add(Word.formOnly(Character.toString(points[i])));
            }
            if (i + 1 < points.length) {
                words.add(Word.formOnly(new String(points, i, 2)));
            }
        }
    }

    private void looked(String run) {
        var breaks = BreakIterator.getWordInstance(ULocale.ROOT);
        breaks.setText(run);
        int start = breaks.first();
        for (int end = breaks.next(); end != BreakIterator.DONE; start = end, end = breaks.next()) {
            var form = Forms.folded(run.substring(start, end));
            if (!form.isBlank()) {
                words.add(Word.formOnly(form));
            }
        }
    }

    static boolean isWord(int point) {
        return Character.isLetterOrDigit(point)
                || switch (Character.getType(point)) {
                    case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK -> point != PICTURE_FOLLOWS;
                    case Character.LETTER_NUMBER -> true;
                    default -> false;
                };
    }

    /// A picture's colour and what joins it with others do not count.
    private static boolean isPicture(int point) {
        return point > 0xFF && Character.isExtendedPictographic(point)
                || Character.isEmojiPresentation(point) && !Character.isEmojiModifier(point);
    }
}
