package io.cairn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingSpacesTest {
    private final Embeddings wanted = embeddings(8);

    private static Embeddings embeddings(int dimensions) {
        return new Embeddings(
                EmbeddingModel.inMemory(dimensions),
                VectorStore.inMemory(),
                tenant -> new byte[32],
                EmbeddingMeter.none(),
                Embeddings.Settings.DEFAULT);
    }

    private EmbeddingSpaces spaces(String replaced, EmbeddingSpaces.Other... others) {
        return new EmbeddingSpaces(wanted, List.of(others), Optional.of(replaced));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gone@0123abcd", "a/b:large@v1@0123abcd0123, 3072 dimensions"})
    void aModelThatIsGoneLeavesItsNameAndEmbedsNothing(String madeOf) {
        try (var spaces = spaces("none")) {
            assertThat(spaces.of(madeOf)).isEmpty();
            assertThat(spaces.keeps(madeOf)).isTrue();
            assertThat(spaces.runs(madeOf)).isFalse();

            var absent = spaces.orAbsent(madeOf);
            assertThat(absent.isAbsent()).isTrue();
            assertThat(absent.described()).isEqualTo(madeOf);
            assertThat(spaces.orAbsent(madeOf)).isSameAs(absent);
            assertThatThrownBy(() -> absent.query(new Tenant("acme"), "hello"))
                    .isInstanceOf(EmbeddingException.class)
                    .hasMessageContaining("cannot be run here");
        }
    }

    @Test
    void aFormerModelThatCannotBeOpenedIsGone() {
        var broken = new EmbeddingSpaces.Other("broken", () -> {
            throw new IllegalStateException("its file is cut off");
        });
        try (var spaces = spaces("none", broken)) {
            assertThat(spaces.orAbsent("broken@0123abcd").isAbsent()).isTrue();
            assertThat(spaces.orAbsent(wanted.space().described())).isSameAs(wanted);
        }
    }

    @Test
    void aModelThatWasGivenUpIsNotKept() {
        try (var spaces = spaces("gone")) {
            assertThat(spaces.keeps("gone@0123abcd")).isFalse();
            assertThat(spaces.runs("gone@0123abcd")).isFalse();
        }
    }
}
