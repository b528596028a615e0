package io.cairn.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnitRefsTest {
    private static final UnitRef MESSAGE = new UnitRef(
            Kind.MESSAGE, "chat/1", 300, 2, 0, 70_000, "Ană 🌳", 17, -1_000_000_000_000_000L, "ro", List.of());

    @Test
    void whatWasEncodedIsDecoded() {
        var chunk = new UnitRef(
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
                List.of("1 Começo", "", "1.2 " + "x".repeat(300)));
        var timeless = new UnitRef(Kind.DOCUMENT, "d", 1, 0, 0, 1, null, 0, null, "en", List.of());

        for (var ref : List.of(MESSAGE, chunk, timeless)) {
            assertThat(UnitRefs.decode(UnitRefs.encode(ref))).isEqualTo(ref);
        }
    }

    /// The bytes that indexes on disk hold.
    @Test
    void theFormatIsTheOneThatIndexesWereWrittenIn() {
        var ref = new UnitRef(Kind.MESSAGE, "c", 300, 0, 0, 200, "Bo", 1, -3L, "en", List.of("H"));

        assertThat(HexFormat.of().formatHex(UnitRefs.encode(ref)))
                .isEqualTo("0100" + "0163" + "ac02" + "00" + "00" + "c801" + "01" + "02426f" + "01" + "01" + "05"
                        + "02656e" + "01" + "0148");
    }

    @Test
    void anotherFormatIsRefused() {
        var bytes = UnitRefs.encode(MESSAGE);
        bytes[0] = 2;

        assertThatThrownBy(() -> UnitRefs.decode(bytes)).hasMessageContaining("has format 2, not 1");
    }
}
