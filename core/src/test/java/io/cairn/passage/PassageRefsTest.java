package io.cairn.passage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class PassageRefsTest {
    private static final PassageRef MESSAGE = new PassageRef(
            Kind.MESSAGE, "chat/1", 300, 2, 0, 70_000, "Ană 🌳", 17, -1_000_000_000_000_000L, "ro", List.of(), 0);

    @Test
    void whatWasEncodedIsDecoded() {
        var chunk = new PassageRef(
                Kind.DOCUMENT,
                "guide",
                Long.MAX_VALUE,
                0,
                5,
                Integer.MAX_VALUE,
                null,
                0,
                Long.MIN_VALUE,
                "en",
                List.of("1 Começo", "", "1.2 " + "x".repeat(300)),
                0);
        var timeless = new PassageRef(Kind.DOCUMENT, "d", 1, 0, 0, 1, null, 0, null, "en", List.of(), 0);

        for (var ref : List.of(MESSAGE, chunk, timeless)) {
            assertThat(PassageRefs.decode(PassageRefs.encode(ref))).isEqualTo(ref);
        }
    }

    /// The bytes that indexes on disk hold.
    @Test
    void theFormatIsTheOneThatIndexesWereWrittenIn() {
        var ref = new PassageRef(Kind.MESSAGE, "c", 300, 0, 0, 200, "Bo", 1, -3L, "en", List.of("H"), 9);
        var old = HexFormat.of()
                .parseHex("0100" + "0163" + "ac02" + "00" + "00" + "c801" + "01" + "02426f" + "01" + "01" + "05"
                        + "02656e" + "01" + "0148");

        assertThat(PassageRefs.decode(old))
                .as("a reference of a former release")
                .isEqualTo(new PassageRef(Kind.MESSAGE, "c", 300, 0, 0, 200, "Bo", 1, -3L, "en", List.of("H"), 0));
        assertThat(HexFormat.of().formatHex(PassageRefs.encode(ref)))
                .isEqualTo("0200" + "0163" + "ac02" + "00" + "00" + "c801" + "01" + "02426f" + "01" + "01" + "05"
                        + "02656e" + "01" + "0148" + "09");
    }

    /// The ids that answers have given out, and that indexes hold.
    @Test
    void idsAreTheOnesThatWereGivenOut() {
        var chunk = new PassageRef(Kind.DOCUMENT, "a/b", 7, 3, 0, 1, null, 0, null, "en", List.of(), 0);

        assertThat(MESSAGE.id()).isEqualTo("m/chat/1/300/2");
        assertThat(MESSAGE.next()).isEqualTo("m/chat/1/301/0");
        assertThat(chunk.id()).isEqualTo("d/a/b/7/3");
    }

    @Test
    void anotherFormatIsRefused() {
        var bytes = PassageRefs.encode(MESSAGE);
        bytes[0] = 3;

        assertThatThrownBy(() -> PassageRefs.decode(bytes))
                .hasMessageContaining("has format 3, and 2 is the newest that is known");
    }

    /// An index of a former release is read until it has been built anew.
    @Test
    void theFirstFormatIsReadAndDoesNotKnowHowManyPartsThereAre() {
        var bytes = PassageRefs.encode(MESSAGE);
        var first = Arrays.copyOf(bytes, bytes.length - 1);
        first[0] = 1;

        assertThat(PassageRefs.decode(first)).isEqualTo(MESSAGE);
        assertThat(MESSAGE.parts()).isZero();
    }
}
