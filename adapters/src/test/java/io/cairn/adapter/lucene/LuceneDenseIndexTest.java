package io.cairn.adapter.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.recall.DenseFollowingContract;
import io.cairn.recall.DenseGenerationsContract;
import io.cairn.recall.DensePlace;
import io.cairn.recall.DenseSearchContract;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A dense index in Lucene.
class LuceneDenseIndexTest {
    @TempDir
    Path folder;

    private DensePlace inFolder() {
        return (passages, embeddings) -> new LuceneGenerations<>(
                folder, new FollowedLog("a log", Map.of()), at -> new LuceneDenseIndex(at, passages.get(), embeddings));
    }

    @Nested
    class Search extends DenseSearchContract {
        Search() {
            super(inFolder());
        }
    }

    @Nested
    class Following extends DenseFollowingContract {
        Following() {
            super(inFolder());
        }
    }

    @Nested
    class Generations extends DenseGenerationsContract {
        Generations() {
            super(inFolder());
        }

        @Test
        void aRollbackThatACrashCutShortLeavesTheCurrentGenerationInUse() {
            switched();
            generations().revive();
            reopen();

            assertThat(generations().current().number()).isEqualTo(2);
            assertThat(generations().next()).isEmpty();
            assertThat(generations().noWayBack()).isEmpty();
        }
    }
}
