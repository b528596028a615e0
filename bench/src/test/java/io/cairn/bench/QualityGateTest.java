package io.cairn.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.model.EmbeddingMeter;
import io.cairn.model.Embeddings;
import io.cairn.model.VectorStore;
import io.cairn.seal.MasterKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fails when recall gets worse, on a small dialogue and a few documents, with the real model and through all of Cairn.
///
/// The questions use other words than the answers, so words alone find little. Thresholds lie a few points under what
/// was measured; a change that moves a figure on purpose moves its threshold too.
@Tag("quality")
class QualityGateTest {
    @TempDir
    Path folder;

    private final MasterKey key = new MasterKey(new byte[MasterKey.BYTES]);
    private Embeddings embeddings;

    @BeforeEach
    void open() {
        embeddings = new Embeddings(
                Models.bgeSmall(folder.resolve("natives")),
                VectorStore.inMemory(),
                key::fingerprintKey,
                EmbeddingMeter.none(),
                Embeddings.Settings.DEFAULT);
    }

    @AfterEach
    void close() {
        embeddings.close();
    }

    @Test
    void turnsOfADialogueAreFoundByWhatTheyMean() throws Exception {
        var compared = compare("dialogue");

        assertThat(cairn(compared, Metric.RECALL_AT_10)).isGreaterThan(.76);
        assertThat(cairn(compared, Metric.NDCG_AT_10)).isGreaterThan(.51);
        assertThat(gain(compared, Metric.RECALL_AT_10)).isGreaterThan(.40);
    }

    @Test
    void documentsAreFoundByWhatTheyMean() throws Exception {
        var compared = compare("documents");

        assertThat(cairn(compared, Metric.RECALL_AT_10)).isGreaterThan(.95);
        assertThat(cairn(compared, Metric.NDCG_AT_10)).isGreaterThan(.82);
        assertThat(gain(compared, Metric.NDCG_AT_10)).isGreaterThan(.40);
    }

    /// Where the vectors are kept.
    Engine.Vectors vectors() {
        return Engine.Vectors.lucene();
    }

    private SideBySide compare(String set) throws Exception {
        var data = Path.of(Objects.requireNonNull(getClass().getResource("/quality/" + set))
                .toURI());
        return SideBySide.of(
                DataSet.read(data), Files.createDirectory(folder.resolve(set)), key, embeddings, vectors());
    }

    private static double cairn(SideBySide compared, Metric metric) {
        return compared.cairn(metric, question -> true).mean();
    }

    private static double gain(SideBySide compared, Metric metric) {
        return cairn(compared, metric)
                - compared.plain(metric, question -> true).mean();
    }
}
