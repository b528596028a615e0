package io.cairn.adapter.lucene;

import static java.util.Comparator.naturalOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.lucene.analysis.core.KeywordAnalyzer;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.NumericDocValuesField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FewGraphsTest {
    private static final int BATCH = 1_000;

    @TempDir
    Path folder;

    @Test
    void theLargestSegmentSoonHoldsFourFifthsOfAllUnits() {
        try (var store = new LuceneStore(folder, new KeywordAnalyzer(), new Lucene104Codec(), new FewGraphs())) {
            for (int batch = 1; batch <= 20; batch++) {
                int from = batch * BATCH;
                store.apply(0, List.of(), from, on -> add(on, from));
                store.publish();
            }
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                store.publish();
                assertThat(largest(passages(store))).isGreaterThanOrEqualTo(16 * BATCH);
                assertThat(passages(store)).hasSizeLessThan(6);
            });
            assertThat(passages(store).stream().mapToInt(i -> i).sum()).isEqualTo(20 * BATCH);
        }
    }

    @Test
    void aFewUnitsAreNotWorthAMergeOfAll() {
        try (var store = new LuceneStore(folder, new KeywordAnalyzer(), new Lucene104Codec(), new FewGraphs())) {
            store.apply(0, List.of(), 1, on -> add(on, 0));
            store.publish();
            store.apply(0, List.of(), 2, on -> add(on, BATCH));
            store.publish();

            assertThat(passages(store)).containsExactly(BATCH, BATCH);
        }
    }

    private static void add(PassageWriter on, int from) throws IOException {
        for (int i = from; i < from + BATCH; i++) {
            var document = new Document();
            document.add(new NumericDocValuesField("number", i));
            on.writer().addDocument(document);
        }
    }

    private static List<Integer> passages(LuceneStore store) {
        return store.ask(searcher -> searcher.getIndexReader().leaves().stream()
                .map(leaf -> leaf.reader().numDocs())
                .toList());
    }

    private static int largest(List<Integer> passages) {
        return passages.stream().max(naturalOrder()).orElse(0);
    }
}
