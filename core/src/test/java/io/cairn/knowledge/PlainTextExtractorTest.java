package io.cairn.knowledge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.cairn.knowledge.Extraction.Extracted;
import io.cairn.knowledge.Extraction.Reason;
import io.cairn.knowledge.Extraction.Refused;
import io.cairn.text.Heading;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlainTextExtractorTest {
    private final TextExtractor extractor = TextExtractor.plainText();

    @Test
    void anotherTypeIsRefused() {
        assertThat(reasonOf(extractor.extract(bytes("<p>x"), "text/html", null)))
                .isEqualTo(Reason.UNSUPPORTED_TYPE);
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        assertThat(reasonOf(extractor.extract(new byte[] {'a', (byte) 0xFF}, null, null)))
                .isEqualTo(Reason.BROKEN);
    }

    @Test
    void aBlankFileIsRefused() {
        assertThat(reasonOf(extractor.extract(bytes(" \n"), "text/plain", null)))
                .isEqualTo(Reason.EMPTY);
    }

    @Test
    void textComesOutAsItIsButForByteOrderMarkAndNul() {
        Extraction extraction =
                extractor.extract(bytes("\uFEFFa\u0000b\r\n\uD83D\uDE00"), "Text/Plain; charset=UTF-8", "a.txt");
        assertThat(extraction)
                .isEqualTo(new Extracted("a\uFFFDb\r\n\uD83D\uDE00", List.of(), null, "text/plain", Map.of()));
    }

    @Test
    void anExtractedTextCannotHoldWhatStoresCannotKeep() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Extracted("a\uD800b", List.of(), null, "text/plain", Map.of()));
        assertThat(Extraction.wellFormed("a\uD800b\uDC00\uD800c\u0000")).isEqualTo("a\uFFFDb\uFFFD\uFFFDc\uFFFD");
        assertThat(Extraction.wellFormed("\uD83D\uDE00")).isEqualTo("\uD83D\uDE00");
    }

    @Test
    void headingsOfAnExtractedTextLieWithinIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new Extracted("abc", List.of(new Heading(1, 4, 1, "x")), null, "text/plain", Map.of()));
    }

    @Test
    void reasonsHaveCodesForTheWire() {
        assertThat(Reason.PASSWORD_PROTECTED.code()).isEqualTo("password_protected");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static Reason reasonOf(Extraction extraction) {
        return switch (extraction) {
            case Refused refused -> refused.reason();
            case Extracted extracted -> throw new AssertionError("Not refused: " + extracted);
        };
    }
}
