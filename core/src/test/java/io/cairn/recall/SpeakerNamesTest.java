package io.cairn.recall;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NamesTest {
    @ParameterizedTest
    @MethodSource
    void aNameIsTakenApartAtWhatIsNeitherLetterNorDigit(String name, Set<String> words) {
        assertThat(SpeakerNames.words(name)).isEqualTo(words);
    }

    static Arguments[] aNameIsTakenApartAtWhatIsNeitherLetterNorDigit() {
        return new Arguments[] {
            Arguments.of("Caroline", Set.of("caroline")),
            Arguments.of("Ștefan", Set.of("ștefan")),
            Arguments.of("Jean-Luc Picard", Set.of("jean", "luc", "picard")),
            Arguments.of("agent 007", Set.of("agent", "007")),
            Arguments.of("r2d2", Set.of("r2d2")),
            Arguments.of("  Ana  ", Set.of("ana")),
            Arguments.of("𝒜lice", Set.of("𝒜lice")),
            Arguments.of("🌳", Set.of()),
            Arguments.of("", Set.of()),
        };
    }
}
