package io.cairn.adapter.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventParserTest {
    private static final String ALL_FORMS = "\uFEFF: a sign of life\r\n\r\ndata:{\"a\":\"ä€😀\"}\n\n"
            + "event: delta\r\ndata: first\r\ndata:  second\r\nid: 7\r\n\r\n"
            + "data\n\ndata: one\r\rdata: two\n\n\n\nretry: 5\nother: x\n\ndata: last";
    private static final List<String> EVENTS = List.of("{\"a\":\"ä€😀\"}", "first\n second", "", "one", "two", "last");

    @Test
    void theFormsThatTheStandardAllowsAreRead() {
        assertThat(read(ALL_FORMS.getBytes(UTF_8), 0, 0)).isEqualTo(EVENTS);
    }

    @Test
    void itDoesNotMatterWhereTheBytesAreCut() {
        var bytes = ALL_FORMS.getBytes(UTF_8);
        for (int first = 0; first <= bytes.length; first++) {
            for (int second = first; second <= bytes.length; second++) {
                assertThat(read(bytes, first, second))
                        .as("%d and %d", first, second)
                        .isEqualTo(EVENTS);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"data: x", "", ":x", "data: x\nx"})
    void anEventThatHasNotEndedIsNotGivenBeforeTheEnd(String text) {
        var events = new ArrayList<String>();
        new EventParser().take(ByteBuffer.wrap(text.getBytes(UTF_8)), events::add);

        assertThat(events).isEmpty();
    }

    @Test
    void aLineThatDoesNotEndIsRefusedBeforeItFillsTheMemory() {
        var parser = new EventParser();
        var piece = "x".repeat(1 << 16).getBytes(UTF_8);

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        parser.take(ByteBuffer.wrap(piece), event -> {});
                    }
                })
                .isInstanceOf(LineSplitter.TooLongException.class);
    }

    @Test
    void anEventOfManyLinesIsRefusedBeforeItFillsTheMemory() {
        var parser = new EventParser();
        var line = ("data: " + "x".repeat(1 << 16) + "\n").getBytes(UTF_8);

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        parser.take(ByteBuffer.wrap(line), event -> {});
                    }
                })
                .isInstanceOf(LineSplitter.TooLongException.class);
    }

    private static List<String> read(byte[] bytes, int first, int second) {
        var events = new ArrayList<String>();
        var parser = new EventParser();
        parser.take(ByteBuffer.wrap(bytes, 0, first), events::add);
        parser.take(ByteBuffer.wrap(bytes, first, second - first), events::add);
        parser.take(ByteBuffer.wrap(bytes, second, bytes.length - second), events::add);
        parser.end(events::add);
        return events;
    }
}
