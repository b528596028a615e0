package io.cairn.recall;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The words of a query that name speakers.
final class Names {
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern AROUND = Pattern.compile("^[^\\p{L}\\p{N}]+|(['’]s)?[^\\p{L}\\p{N}]*$");

    private Names() {}

    /// The query without the names, or nothing if there are none or nothing else is in it.
    static Optional<String> without(Set<String> names, String query) {
        var rest = Arrays.stream(SPACE.split(query.strip()))
                .filter(word -> !names.contains(
                        AROUND.matcher(word.toLowerCase(Locale.ROOT)).replaceAll("")))
                .collect(Collectors.joining(" "));
        return names.isEmpty() || rest.isBlank() ? Optional.empty() : Optional.of(rest);
    }
}
