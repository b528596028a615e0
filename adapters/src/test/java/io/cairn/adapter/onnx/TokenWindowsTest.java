package io.cairn.adapter.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TokenWindowsTest {
    private static final long CLS = 101;
    private static final long SEP = 102;

    private static TokenWindows narrow;
    private static TokenWindows wide;

    @BeforeAll
    static void open() {
        Natives.prepare(Path.of("target", "natives"));
        var source = OnnxModel.bgeSmallEnglish().tokenizer();
        narrow = TokenWindows.open(source, source.read(), 12);
        wide = TokenWindows.open(source, source.read(), 100_000);
    }

    @AfterAll
    static void close() {
        narrow.close();
        wide.close();
    }

    @Test
    void everyTokenIsInExactlyOneWindowAndNoWindowIsTooLong() {
        for (var text : List.of(
                "",
                "one",
                "a b c d e f g h i j",
                "antidisestablishmentarianism ".repeat(9),
                "x".repeat(99),
                "the ".repeat(61))) {
            var windows = narrow.of(text);

            assertThat(windows).allSatisfy(window -> {
                assertThat(window).hasSizeBetween(2, 12).startsWith(CLS).endsWith(SEP);
                assertThat(narrow.own(window)).isEqualTo(window.length - 2);
            });
            assertThat(own(windows)).isEqualTo(own(wide.of(text)));
        }
    }

    @Test
    void windowsEndBetweenWords() {
        var words = "unbelievable misunderstandings happened everywhere yesterday afternoon ".repeat(4);

        for (var window : narrow.of(words)) {
            assertThat(wide.of("unbelievable misunderstandings happened everywhere yesterday afternoon")
                            .getFirst())
                    .contains(window[1]);
        }
    }

    @Test
    void theWindowsOfATextAreAboutEquallyLong() {
        var windows = narrow.of("a b c d e f g h i j k");

        assertThat(windows).hasSize(2);
        assertThat(windows.get(0)).hasSize(8);
        assertThat(windows.get(1)).hasSize(7);
    }

    @Test
    void aMegabyteOfTextLosesNoToken() {
        var sentence = "All work and no play makes Jack a dull boy. ";

        assertThat(own(narrow.of(sentence.repeat(24_000)))).hasSize(24_000 * own(wide.of(sentence)).length);
    }

    @Test
    void aHugeTextWithoutSpacesIsDividedBetweenCharacters() {
        assertThat(wide.of("x" + "😀".repeat(40_000))).hasSize(3);
    }

    private static long[] own(List<long[]> windows) {
        return windows.stream()
                .flatMapToLong(LongStream::of)
                .filter(id -> id != CLS && id != SEP)
                .toArray();
    }
}
