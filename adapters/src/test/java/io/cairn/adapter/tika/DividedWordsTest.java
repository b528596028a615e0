package io.cairn.adapter.tika;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DividedWordsTest {
    @Test
    void aWordThatALinesEndDividesIsJoined() {
        assertThat(DividedWords.joined("The infra-\nstructure of this re-\ngion.")
                        .text())
                .isEqualTo("The infrastructure of this region.");
    }

    @Test
    void aWordThatIsWrittenWithItsHyphenElsewhereKeepsIt() {
        assertThat(DividedWords.joined("A well-known case, and another well-\nknown one.")
                        .text())
                .isEqualTo("A well-known case, and another well-known one.");
    }

    @Test
    void whatIsNoDividedWordStaysAsItIs() {
        for (var text :
                new String[] {"", "-\n", "a -\nlist", "1990-\n1995", "Smith-\nJones", "x-\nray", "end-\n", "-\nbegin"
                }) {
            assertThat(DividedWords.joined(text).text()).isEqualTo(text);
        }
    }

    @Test
    void placesAreKnownInTheJoinedText() {
        var text = "An infra-\nstructure. A well-known well-\nknown end";
        var joined = DividedWords.joined(text);

        for (var word : new String[] {"An", "infra", "A well", "end"}) {
            assertThat(joined.now(text.indexOf(word)))
                    .as(word)
                    .isEqualTo(joined.text().indexOf(word));
        }
    }
}
