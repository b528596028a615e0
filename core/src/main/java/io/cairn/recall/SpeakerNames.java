package io.cairn.recall;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The words by which a query names speakers: one rule for the index that finds them and the score that boosts them.
public final class SpeakerNames {
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern AROUND = Pattern.compile("^[^\\p{L}\\p{N}]+|(['’]s)?[^\\p{L}\\p{N}]*$");

    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

    private SpeakerNames() {}

    /// A speaker's name as filters compare it.
    public static String folded(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }

    /// The words of a name or a query, in lower case.
    public static Set<String> words(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        // A speaker's name, which is looked at for each message, mostly is a single word.
        if (lower.codePoints().allMatch(Character::isLetter)) {
            return lower.isEmpty() ? Set.of() : Set.of(lower);
        }
        return NO_WORD.splitAsStream(lower).filter(word -> !word.isEmpty()).collect(Collectors.toSet());
    }

    /// The query without the names, or nothing if there are none or nothing else is in it.
    static Optional<String> without(Set<String> names, String query) {
        var rest = Arrays.stream(SPACE.split(query.strip()))
                .filter(word -> !names.contains(
                        AROUND.matcher(word.toLowerCase(Locale.ROOT)).replaceAll("")))
                .collect(Collectors.joining(" "));
        return names.isEmpty() || rest.isBlank() ? Optional.empty() : Optional.of(rest);
    }
}
