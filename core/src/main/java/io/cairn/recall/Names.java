package io.cairn.recall;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The speakers whom a query names.
///
/// @param speakers as they are called in the conversations
record Names(Set<String> speakers) {
    private static final Pattern POSSESSIVE = Pattern.compile("['’]s?$");
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern EDGES = Pattern.compile("^[^\\p{L}\\p{N}]+|[^\\p{L}\\p{N}]+$");

    static Names in(String query, List<Candidate> candidates) {
        var words = words(query).map(Names::bare).collect(Collectors.toSet());
        return new Names(candidates.stream()
                .map(candidate -> Optional.ofNullable(candidate.ref().speaker()))
                .flatMap(Optional::stream)
                .distinct()
                .filter(speaker -> words(speaker).map(Names::bare).anyMatch(words::contains))
                .collect(Collectors.toSet()));
    }

    Optional<String> only() {
        return speakers.size() == 1 ? Optional.of(speakers.iterator().next()) : Optional.empty();
    }

    /// The query without the names, or nothing if nothing else is in it.
    Optional<String> without(String query) {
        var names = speakers.stream()
                .flatMap(Names::words)
                .map(Names::bare)
                .collect(Collectors.toSet());
        var rest = words(query)
                .filter(Predicate.not(word -> names.contains(bare(word))))
                .collect(Collectors.joining(" "));
        return rest.isBlank() || rest.equals(query) ? Optional.empty() : Optional.of(rest);
    }

    private static Stream<String> words(String text) {
        return Arrays.stream(SPACE.split(text.strip()));
    }

    private static String bare(String word) {
        var trimmed = EDGES.matcher(word.toLowerCase(Locale.ROOT)).replaceAll("");
        return POSSESSIVE.matcher(trimmed).replaceAll("");
    }
}
