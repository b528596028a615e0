package io.cairn.adapter.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.analysis.tokenattributes.TermToBytesRefAttribute;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.index.IndexOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TermsTest {
    private static final List<String> TEXTS = List.of(
            "Caroline's cat sat on the mats, and she'd said so: twice!",
            "8 May 2023, L'été à l'école: ",
            "Die Häuser der Bürger wurden größer",
            "日本語の文章と漢字",
            "ภาษาไทยเป็นภาษา",
            "Kitaplarımızı okuyoruz; ИСТОРИЯ городов",
            "",
            "mail me@example.org at 10:30, 3.14 or 1,000 times 🌳",
            "وكتبت الرسائل الطويلة");

    private final LanguageAnalyzers analyzer = new LanguageAnalyzers();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "ga", "hi", "hu",
                "hy", "id", "it", "lt", "lv", "ne", "nl", "no", "pt", "ro", "ru", "sr", "sv", "ta", "te", "tr"
            })
    void textsThatAreCutOneByOneGiveTheTermsOfThemTogether(String language) throws IOException {
        var field = "words_" + language;
        var texts = new ArrayList<Terms>();
        for (var text : TEXTS) {
            texts.add(Terms.of(field, text, analyzer));
        }

        assertThat(replayed(field, texts)).isEqualTo(directly(language, String.join("\n", TEXTS)));
    }

    @Test
    void aTextIsCutOnceAndKnownAgain() throws IOException {
        var cut = new CutTexts(analyzer);

        assertThat(cut.cut("en", TEXTS.getFirst())).isSameAs(cut.cut("en", TEXTS.getFirst()));
        assertThat(cut.cut("de", TEXTS.getFirst())).isNotSameAs(cut.cut("en", TEXTS.getFirst()));
        assertThat(cut.cut("ja", TEXTS.get(3)).stems()).isNull();
    }

    private List<String> replayed(String field, List<Terms> texts) throws IOException {
        var type = new FieldType();
        type.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
        var found = new ArrayList<String>();
        try (var tokens = Terms.field(field, texts, type).tokenStream(analyzer, null)) {
            var term = tokens.getAttribute(TermToBytesRefAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) {
                found.add(term.getBytesRef().utf8ToString());
            }
            tokens.end();
        }
        return found;
    }

    private List<String> directly(String language, String text) throws IOException {
        var found = new ArrayList<String>();
        try (var tokens = analyzer.tokenStream("words_" + language, text)) {
            var term = tokens.addAttribute(CharTermAttribute.class);
            var step = tokens.addAttribute(PositionIncrementAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) {
                assertThat(step.getPositionIncrement())
                        .as("terms in one place count once in a field's length, which is not kept")
                        .isPositive();
                found.add(term.toString());
            }
            tokens.end();
        }
        return found;
    }
}
