package io.cairn.adapter.jsonschema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;

/// A regular expression that is matched in time linear to the text, whatever the expression.
///
/// What cannot be matched so (looking around, references to groups) is refused.
final class LinearPattern {
    private static final int LENGTH_MAX = 1000;
    private static final int REPETITIONS_MAX = 1000;
    private static final java.util.regex.Pattern REPETITION =
            java.util.regex.Pattern.compile("\\{(\\d{1,6})(?:,(\\d{0,6}))?}");
    private static final java.util.regex.Pattern CODE_UNIT = java.util.regex.Pattern.compile("\\\\u([0-9A-Fa-f]{4})");

    private LinearPattern() {}

    /// @throws IllegalArgumentException that says what is not taken
    static RegularExpression of(String expression) {
        if (expression.length() > LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "A pattern has at most %d characters; found %d".formatted(LENGTH_MAX, expression.length()));
        }
        requireFewRepetitions(expression);
        try {
            var pattern = Pattern.compile(CODE_UNIT.matcher(expression).replaceAll("\\\\x{$1}"));
            return text -> pattern.matcher(text).find();
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "The pattern '%s' is not one that can be matched in linear time (%s)"
                            .formatted(Shown.text(expression), e.getDescription()),
                    e);
        }
    }

    /// Repetitions are unrolled, and those within each other multiply.
    private static void requireFewRepetitions(String expression) {
        long product = 1;
        var repetitions = REPETITION.matcher(expression);
        while (repetitions.find()) {
            var most = repetitions.group(2) == null || repetitions.group(2).isEmpty()
                    ? repetitions.group(1)
                    : repetitions.group(2);
            product *= Math.max(1, Long.parseLong(most));
            if (product > REPETITIONS_MAX) {
                throw new IllegalArgumentException(
                        "The counts of a pattern's repetitions multiply to at most %d".formatted(REPETITIONS_MAX));
            }
        }
    }
}
