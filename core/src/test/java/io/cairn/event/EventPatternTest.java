package io.cairn.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventPatternTest {
    @ParameterizedTest
    @CsvSource({
        "lead.scored, lead.scored, true",
        "lead.scored, lead.scored.again, false",
        "lead.scored, leadxscored, false",
        "lead.*, lead.scored, true",
        "lead.*, lead.scored.again, true",
        "lead.*, lead, false",
        "lead.*, leads.scored, false",
        "*.scored, lead.scored, true",
        "*.scored, lead.scored.late, false",
        "*, anything.at-all_1, true",
        "***, a, true",
        "a*b*c, abbc, true",
        "a*b*c, acb, false",
        "a*a, a, false",
        "*ab*, xxaab, true",
        "lead.scored*, lead.scored, true"
    })
    void aStarStandsForAnyLetters(String pattern, String type, boolean matches) {
        assertThat(new EventPattern(pattern).matches(new EventType(type))).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "lead.(scored)", "lead.?", "ünknown", "lead.scored\n"})
    void whatCannotBePartOfATypeIsRefused(String pattern) {
        assertThatIllegalArgumentException().isThrownBy(() -> new EventPattern(pattern));
    }

    @Test
    void aPatternOfMoreThan100CharactersIsRefused() {
        assertThat(new EventPattern("a".repeat(100)).matches(new EventType("a".repeat(100))))
                .isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> new EventPattern("a".repeat(101)));
    }

    @Test
    void manyStarsCostNoMoreThanTheirLetters() {
        var pattern = new EventPattern("*a".repeat(49) + "*b");
        var type = new EventType("a".repeat(100));
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            for (int i = 0; i < 10_000; i++) {
                assertThat(pattern.matches(type)).isFalse();
            }
        });
    }

    @Test
    void itMatchesWhatARegularExpressionWouldMatch() {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            var pattern = word(random, "ab*", 6);
            var type = "a" + word(random, "ab", 7);
            var expected = Pattern.matches(pattern.replaceAll("\\*+", ".*"), type);
            assertThat(new EventPattern(pattern).matches(new EventType(type)))
                    .as("%s of %s", pattern, type)
                    .isEqualTo(expected);
        }
    }

    private static String word(Random random, String letters, int lengthMax) {
        var word = new StringBuilder();
        int length = 1 + random.nextInt(lengthMax);
        for (int i = 0; i < length; i++) {
            word.append(letters.charAt(random.nextInt(letters.length())));
        }
        return word.toString();
    }
}
