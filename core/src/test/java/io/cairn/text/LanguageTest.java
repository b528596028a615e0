package io.cairn.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LanguageTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "e", "EN", "en-US", "und", "english", "e\u0142"})
    void whatIsNoPrimarySubtagIsRefused(String tag) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Language(tag)).withMessageContaining(tag);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x-private", "-", "english language"})
    void aTagWithoutALanguageIsRefused(String tag) {
        assertThatIllegalArgumentException().isThrownBy(() -> Language.ofTag(tag));
    }

    @ParameterizedTest
    @CsvSource({"de-AT,de", "DE,de", "pt_BR,pt", "zh-Hans-CN,zh", "haw,haw", "iw,he", "ron,ron"})
    void aWholeTagGivesItsLanguage(String tag, String language) {
        assertThat(Language.ofTag(tag)).isEqualTo(new Language(language));
    }

    @Test
    void anUndecidedDetectorKnowsNothing() {
        assertThat(LanguageDetector.undecided().detect("This is English.")).isEmpty();
    }
}
