package io.cairn.adapter.opennlp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import opennlp.tools.langdetect.LanguageDetectorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LetterSequencesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "Der Ausschuss traf sich in der alten BIBLIOTHEK, 1984.",
                "Comitetul s-a întâlnit   în biblioteca veche!!!! www.example.org/a?b",
                "@maria hahaha :) RT das ist #gut 😀 sehr guuuuut",
                "委员会在旧图书馆开会,𝒜𐐀 讨论",
            })
    void theyAreTheOnesThatTheModelWasTrainedOn(String text) {
        CharSequence[] theirs =
                new LanguageDetectorFactory().getContextGenerator().getContext(text);
        CharSequence[] ours = new LetterSequences().getContext(text);
        assertThat(ours)
                .extracting(CharSequence::toString)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(theirs).map(CharSequence::toString).toList());
    }
}
