package io.cairn.adapter.opennlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.text.Language;
import io.cairn.text.LanguageDetector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenNlpLanguageDetectorTest {
    private final LanguageDetector detector = new OpenNlpLanguageDetector();

    @ParameterizedTest
    @ValueSource(
            strings = {"", "   ", "ok", "Hallo Welt", "12345 67890 12345 67890", "https://example.org/x/y/z?a=b", "!!!"
            })
    void shortAndWordlessTextsTellNoLanguage(String text) {
        assertThat(detector.detect(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        en | The committee met in the old library and spoke about the weather of the coming summer.
        de | Der Ausschuss traf sich in der alten Bibliothek und sprach über das Wetter im kommenden Sommer.
        ro | Comitetul s-a întâlnit în biblioteca veche și a vorbit despre vremea din vara care urmează.
        fr | Le comité s'est réuni dans la vieille bibliothèque et a parlé du temps qu'il fera cet été.
        zh | 委员会在旧图书馆开会，讨论了即将到来的夏天的天气情况，大家都很高兴。
        """)
    void aSentenceTellsItsLanguage(String language, String text) {
        assertThat(detector.detect(text)).contains(new Language(language));
    }

    @Test
    void aLongTextIsJudgedByItsBeginning() {
        String german = "Der Ausschuss traf sich in der alten Bibliothek und sprach über das Wetter. ".repeat(20);
        assertThat(detector.detect(german + "и это уже по-русски ".repeat(100_000)))
                .contains(new Language("de"));
    }
}
