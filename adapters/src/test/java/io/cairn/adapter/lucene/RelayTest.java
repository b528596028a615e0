package io.cairn.adapter.lucene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.lucene.analysis.core.KeywordAnalyzer;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RelayTest {
    private final List<Integer> written = Collections.synchronizedList(new ArrayList<>());
    private IndexWriter writer;

    @BeforeEach
    void open() throws IOException {
        writer = new IndexWriter(new ByteBuffersDirectory(), new IndexWriterConfig(new KeywordAnalyzer()));
    }

    @AfterEach
    void close() throws IOException {
        writer.close();
    }

    @Test
    void whatCannotBeWrittenInAnotherThreadFailsWhoeverPassedItOn() {
        assertThatThrownBy(() -> {
                    try (var relay = new Relay(new PassageWriter(writer, true))) {
                        pass(relay, 1_000, 250);
                        relay.finish();
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessage("250 cannot be written");

        assertThat(written).containsExactlyElementsOf(numbers(250));
    }

    @Test
    void nothingIsWrittenAnyMoreOnceItIsClosed() {
        assertThatThrownBy(() -> {
                    try (var relay = new Relay(new PassageWriter(writer, true))) {
                        pass(relay, 990, -1);
                        throw new IllegalStateException("The next document cannot be made");
                    }
                })
                .hasMessage("The next document cannot be made");
        var then = List.copyOf(written);

        assertThat(then).containsExactlyElementsOf(numbers(then.size())).hasSizeLessThan(990);
        assertThat(written).isEqualTo(then);
    }

    @Test
    void changesAreWrittenInTheirOrder() throws IOException {
        try (var relay = new Relay(new PassageWriter(writer, true))) {
            pass(relay, 1_234, -1);
            relay.finish();
        }

        assertThat(written).containsExactlyElementsOf(numbers(1_234));
    }

    private void pass(Relay relay, int count, int failing) throws IOException {
        for (int i = 0; i < count; i++) {
            int number = i;
            relay.pass(on -> {
                if (number == failing) {
                    throw new IOException(number + " cannot be written");
                }
                written.add(number);
            });
        }
    }

    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }
}
