package io.cairn.adapter.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.model.Embeddings;
import io.cairn.passage.Passages;
import io.cairn.projection.Generations;
import io.cairn.recall.DenseIndex;
import io.cairn.recall.DenseIndexContract;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LuceneDenseIndexTest extends DenseIndexContract {
    @TempDir
    Path folder;

    @Override
    protected Generations<DenseIndex> open(Supplier<Passages> passages, Embeddings embeddings) {
        return new LuceneGenerations<>(
                folder, new FollowedLog("a log", Map.of()), at -> new LuceneDenseIndex(at, passages.get(), embeddings));
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
