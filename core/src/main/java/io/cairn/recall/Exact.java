package io.cairn.recall;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// What of a query is to be found as it is written: numbers, ids, versions, addresses. A model takes them for much the
/// same.
final class Exact {
    private static final Pattern SPACE = Pattern.compile("\\s+");

    /// What surrounds a word, such as a question mark behind it, is no part of it.
    private static final Pattern AROUND = Pattern.compile("^[^\\p{L}\\p{N}]+|[^\\p{L}\\p{N}]+$");

    /// Shorter ones, such as the 12 of a room, stand in too many texts to say anything.
    private static final int TELLING = 4;

    private final List<String> words;
    private final int letters;

    private Exact(List<String> words, int letters) {
        this.words = words;
        this.letters = letters;
    }

    static Exact of(String query) {
        var all = Arrays.stream(SPACE.split(query.strip())).map(Exact::bare).toList();
        return new Exact(
                all.stream()
                        .filter(word -> word.codePoints().anyMatch(Character::isDigit))
                        .toList(),
                all.stream().mapToInt(Exact::letters).sum());
    }

    /// The share of the query's letters and digits that stand in words with a digit, 0 to 1.
    double share() {
        return share(words.stream().mapToInt(Exact::letters).sum());
    }

    /// Whether a text may have something of the query as it is written.
    boolean tells() {
        return words.stream().anyMatch(word -> word.length() >= TELLING);
    }

    /// The share of the query's letters and digits that a text has in words with a digit, as they are written.
    double found(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        return share(words.stream()
                .filter(word -> word.length() >= TELLING && stands(word.toLowerCase(Locale.ROOT), lower))
                .mapToInt(Exact::letters)
                .sum());
    }

    private double share(int some) {
        return letters == 0 ? 0 : (double) some / letters;
    }

    private static boolean stands(String word, String text) {
        for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
            int end = at + word.length();
            if ((at == 0 || !Character.isLetterOrDigit(text.codePointBefore(at)))
                    && (end == text.length() || !Character.isLetterOrDigit(text.codePointAt(end)))) {
                return true;
            }
        }
        return false;
    }

    private static String bare(String word) {
        return AROUND.matcher(word).replaceAll("");
    }

    private static int letters(String word) {
        return (int) word.codePoints().filter(Character::isLetterOrDigit).count();
    }
}
