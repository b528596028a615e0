package io.cairn.adapter.lucene;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The words of what stands between two spaces, gathered part by part.
///
/// Most often it is a single word. Otherwise the parts between strong joints (`host:port`, `a/b`) are *segments*, each
/// with a whole of its own; a row of digits that `.` or `,` join is one part, since `4.2.1` is not 421.
final class Name {
    private static final int COUNT_MAX = 32;
    private static final int SHORTEST_PIECE = 2;
    private static final int SHORTEST_BESIDE_APOSTROPHE = 3;
    private static final Pattern PIECES = Pattern.compile(
            "(?<=[\\p{Ll}])(?=\\p{Lu})|(?<=\\p{Lu})(?=\\p{Lu}\\p{Ll})|(?<=\\p{L})(?=\\p{N})|(?<=\\p{N})(?=\\p{L})");
    private static final Pattern GROUPED = Pattern.compile("\\p{N}{1,3}(,\\p{N}{3})+(\\.\\p{N}+)?");

    private final List<Word> words;
    private final List<String> segments = new ArrayList<>();
    private final List<String> parts = new ArrayList<>();
    private final StringBuilder number = new StringBuilder();
    private Joint before = Joint.NONE;
    private char joining;
    private boolean numberSpoken;
    private int atoms;

    /// @param words to which its words are added
    Name(List<Word> words) {
        this.words = words;
    }

    void joint(Joint joint) {
        before = joint;
        if (joint == Joint.STRONG) {
            endNumber();
            endSegment();
        }
    }

    /// Letters, digits and apostrophes of a text.
    void atom(String text, int start, int end) {
        joining = start == 0 ? ' ' : text.charAt(start - 1);
        var atom = text.substring(start, end);
        var pieces = PIECES.split(atom);
        atoms++;
        if (pieces.length == 1) {
            piece(atom, before, true);
            return;
        }
        for (int i = 0; i < pieces.length; i++) {
            boolean spoken = pieces[i].codePointCount(0, pieces[i].length()) >= SHORTEST_PIECE;
            piece(pieces[i], i == 0 ? before : Joint.NONE, spoken);
        }
        add(Word.of(atom));
    }

    private void piece(String piece, Joint joint, boolean spoken) {
        if (!isNumber(piece)) {
            endNumber();
            part(piece, spoken);
            return;
        }
        if (number.length() > 0 && joint == Joint.WEAK && (joining == '.' || joining == ',')) {
            number.append(joining);
            numberSpoken = true;
        } else {
            endNumber();
            numberSpoken = spoken;
        }
        number.append(piece);
    }

    private void part(String piece, boolean spoken) {
        if (parts.size() == COUNT_MAX) {
            return;
        }
        int apostrophe = piece.indexOf('\'');
        if (apostrophe >= 0) {
            var whole = Forms.folded(piece.replace("'", ""));
            add(new Word(whole, piece));
            for (var side : piece.split("'")) {
                if (side.length() >= SHORTEST_BESIDE_APOSTROPHE) {
                    add(Word.formOnly(Forms.folded(side)));
                }
            }
            parts.add(whole);
            return;
        }
        var word = Word.of(piece);
        if (spoken) {
            add(word);
        }
        parts.add(word.form());
    }

    private void endNumber() {
        if (number.length() == 0 || parts.size() == COUNT_MAX) {
            number.setLength(0);
            return;
        }
        var written = number.toString();
        number.setLength(0);
        var form =
                Forms.folded(GROUPED.matcher(written).matches() ? written.replace(",", "") : written.replace(',', '.'));
        if (numberSpoken) {
            add(new Word(form, written));
        }
        var numbers = form.split("\\.");
        for (int i = 0; i + 1 < numbers.length && numbers.length > 2; i++) {
            add(Word.formOnly(numbers[i] + "." + numbers[i + 1]));
        }
        parts.add(form);
    }

    private void endSegment() {
        if (parts.isEmpty()) {
            return;
        }
        for (int i = 0; i + 1 < parts.size() && parts.size() > 2; i++) {
            add(Word.formOnly(joined(parts.get(i), parts.get(i + 1))));
        }
        var whole = parts.stream().reduce("", Name::joined);
        if (parts.size() > 1 && atoms > 1) {
            add(Word.formOnly(whole));
        }
        segments.add(whole);
        parts.clear();
        atoms = 0;
    }

    /// @param marks with which the name of a language ends: `#`, `++`
    void finish(String marks) {
        endNumber();
        endSegment();
        for (int i = 0; i + 1 < segments.size() && segments.size() > 2; i++) {
            add(Word.formOnly(joined(segments.get(i), segments.get(i + 1))));
        }
        var whole = segments.stream().reduce("", Name::joined);
        if (segments.size() > 1) {
            add(Word.formOnly(whole));
        }
        if (!marks.isEmpty()) {
            add(Word.formOnly(whole + marks));
        }
    }

    private void add(Word word) {
        if (!word.form().isEmpty() && (words.isEmpty() || !words.getLast().equals(word))) {
            words.add(word);
        }
    }

    /// Digits that would run together are kept apart.
    private static String joined(String first, String second) {
        boolean digits = !first.isEmpty()
                && !second.isEmpty()
                && Character.isDigit(first.charAt(first.length() - 1))
                && Character.isDigit(second.charAt(0));
        return first + (digits ? "." : "") + second;
    }

    private static boolean isNumber(String piece) {
        return piece.codePoints().allMatch(Character::isDigit);
    }
}
