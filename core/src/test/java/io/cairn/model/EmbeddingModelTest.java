package io.cairn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class EmbeddingModelTest {
    private final EmbeddingModel model = EmbeddingModel.inMemory(64);

    @Test
    void aSpaceWithoutANameAFingerprintOrDimensionsIsRefused() {
        assertThatThrownBy(() -> new EmbeddingSpace(" ", "00000001", 3, true)).hasMessageContaining("model's name");
        assertThatThrownBy(() -> new EmbeddingSpace("m", "XYZ", 3, true)).hasMessageContaining("found 'XYZ'");
        assertThatThrownBy(() -> new EmbeddingSpace("m", "00000001", 0, true)).hasMessageContaining("found 0");
    }

    @Test
    void textsThatShareWordsAreNearerThanTextsThatDoNot() {
        var texts = model.embedPassages(List.of("The cat sat on the mat", "Quarterly revenue rose"));
        var query = model.embedQuery("Where did the CAT sit?");

        assertThat(cosine(query, texts.get(0))).isGreaterThan(cosine(query, texts.get(1)) + 0.2);
    }

    @Test
    void everyVectorHasLengthOneEvenThatOfNoText() {
        for (var vector : model.embedPassages(List.of("", "!?", "one", "one two three"))) {
            assertThat(cosine(vector, vector)).isEqualTo(1, org.assertj.core.data.Offset.offset(1e-5));
        }
    }

    private static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
