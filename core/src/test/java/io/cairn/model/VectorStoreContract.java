package io.cairn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every vector store does.
public abstract class VectorStoreContract {
    protected static final Tenant ACME = new Tenant("acme");
    protected static final Tenant OTHER = new Tenant("other");
    protected static final EmbeddingSpace SPACE = new EmbeddingSpace("tiny", "00000001", 3, true);
    private static final EmbeddingSpace NEWER = new EmbeddingSpace("tiny", "00000002", 3, true);
    private static final EmbeddingSpace WIDER = new EmbeddingSpace("wide", "00000001", 5, false);

    protected VectorStore store;

    protected abstract VectorStore open();

    @BeforeEach
    void openStore() {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void aVectorThatWasNeverPutIsAbsent() {
        store.putAll(ACME, SPACE, Map.of(key(1), vector(1)));

        assertThat(store.getAll(ACME, SPACE, List.of(key(2)))).isEmpty();
        assertThat(store.getAll(ACME, SPACE, List.of())).isEmpty();
    }

    @Test
    void aVectorOfOtherDimensionsIsRefusedAndNothingOfItsBatchStays() {
        var batch = Map.of(key(1), vector(1), key(2), new float[] {1, 2});

        assertThatThrownBy(() -> store.putAll(ACME, SPACE, batch))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A vector of tiny@00000001 has 3 dimensions; found 2");
        assertThat(store.getAll(ACME, SPACE, List.of(key(1)))).isEmpty();
    }

    @Test
    void tenantsAndSpacesDoNotSeeEachOther() {
        store.putAll(ACME, SPACE, Map.of(key(1), vector(1)));

        assertThat(store.getAll(OTHER, SPACE, List.of(key(1)))).isEmpty();
        assertThat(store.getAll(ACME, NEWER, List.of(key(1)))).isEmpty();
        assertThat(store.getAll(ACME, WIDER, List.of(key(1)))).isEmpty();
    }

    @Test
    void vectorsComeBackBitForBit() {
        var strange = new float[] {Float.MIN_VALUE, -0.0f, 0.1f};
        store.putAll(ACME, SPACE, Map.of(key(-7), strange));

        assertThat(store.getAll(ACME, SPACE, List.of(key(-7)))).containsEntry(key(-7), strange);
    }

    @Test
    void aThousandKeysAreReadAtOnce() {
        var batch = new HashMap<ContentKey, float[]>();
        IntStream.range(0, 1500).forEach(i -> batch.put(key(i), vector(i)));
        store.putAll(ACME, SPACE, batch);

        var found = store.getAll(
                ACME,
                SPACE,
                IntStream.range(500, 2500).mapToObj(VectorStoreContract::key).toList());

        assertThat(found).hasSize(1000);
        assertThat(found.get(key(1499))).containsExactly(vector(1499));
    }

    @Test
    void aSpaceIsReadPageByPageInTheOrderOfItsKeys() {
        var batch = new HashMap<ContentKey, float[]>();
        IntStream.range(-20, 20).forEach(i -> batch.put(key(i), vector(i)));
        store.putAll(ACME, SPACE, batch);
        store.putAll(OTHER, SPACE, Map.of(key(100), vector(100)));

        var found = new ArrayList<ContentKey>();
        for (var page = store.after(ACME, SPACE, null, 7);
                !page.isEmpty();
                page = store.after(ACME, SPACE, page.lastEntry().getKey(), 7)) {
            assertThat(page).hasSizeLessThanOrEqualTo(7);
            page.forEach((key, vector) -> assertThat(vector).containsExactly(batch.get(key)));
            found.addAll(page.keySet());
        }

        assertThat(found).hasSize(40).isSortedAccordingTo(ContentKey.ORDER);
        assertThat(store.after(ACME, NEWER, null, 7)).isEmpty();
    }

    @Test
    void everythingIsPutIntoAnotherStore() {
        var batch = new HashMap<ContentKey, float[]>();
        IntStream.range(0, 1200).forEach(i -> batch.put(key(i), vector(i)));
        store.putAll(ACME, SPACE, batch);
        store.putAll(OTHER, WIDER, Map.of(key(1), new float[] {1, 2, 3, 4, 5}));
        var other = VectorStore.inMemory();

        assertThat(store.copyTo(other, put -> {})).isEqualTo(1201);
        assertThat(other.held()).containsExactlyInAnyOrderElementsOf(store.held());
        assertThat(other.getAll(ACME, SPACE, List.of(key(777))).get(key(777))).containsExactly(vector(777));
        assertThat(other.copyTo(store, put -> {})).isEqualTo(1201);
        assertThat(store.held()).containsExactlyInAnyOrderElementsOf(other.held());
    }

    @Test
    void theSameKeyPutTwiceIsHeldOnce() {
        store.putAll(ACME, SPACE, Map.of(key(1), vector(1)));
        store.putAll(ACME, SPACE, Map.of(key(1), vector(1)));

        assertThat(store.held()).containsExactly(new VectorStore.Held(ACME, SPACE, 1));
    }

    @Test
    void aSweepRemovesOnlyWhatIsNotLiveInItsOwnTenantAndSpace() {
        store.putAll(ACME, SPACE, Map.of(key(1), vector(1), key(2), vector(2), key(3), vector(3)));
        store.putAll(ACME, NEWER, Map.of(key(1), vector(1)));
        store.putAll(OTHER, SPACE, Map.of(key(1), vector(1)));

        assertThat(store.sweep(ACME, SPACE, Stream.of(key(2), key(9)))).isEqualTo(2);

        assertThat(store.getAll(ACME, SPACE, List.of(key(1), key(2), key(3)))).containsOnlyKeys(key(2));
        assertThat(store.getAll(ACME, NEWER, List.of(key(1)))).hasSize(1);
        assertThat(store.getAll(OTHER, SPACE, List.of(key(1)))).hasSize(1);
    }

    @Test
    void aSweepOfManyVectorsFindsEachOfThem() {
        IntStream.range(0, 5).forEach(part -> {
            var batch = new HashMap<ContentKey, float[]>();
            IntStream.range(part * 500, part * 500 + 500).forEach(n -> batch.put(key(n), vector(n)));
            store.putAll(ACME, SPACE, batch);
        });

        var live = IntStream.range(0, 2500).filter(n -> n % 5 == 0).mapToObj(VectorStoreContract::key);
        assertThat(store.sweep(ACME, SPACE, live)).isEqualTo(2000);

        assertThat(store.held()).containsExactly(new VectorStore.Held(ACME, SPACE, 500));
    }

    @Test
    void whatIsPutWhileASweepRunsStays() {
        store.putAll(ACME, SPACE, Map.of(key(1), vector(1)));
        var live = Stream.of(key(8), key(9)).peek(ignored -> store.putAll(ACME, SPACE, Map.of(key(2), vector(2))));

        assertThat(store.sweep(ACME, SPACE, live)).isEqualTo(1);

        assertThat(store.getAll(ACME, SPACE, List.of(key(1), key(2)))).containsOnlyKeys(key(2));
    }

    @Test
    void aSweepThatFailsRemovesNothingAndTheNextOneWorks() {
        store.putAll(ACME, SPACE, Map.of(key(1), vector(1)));
        var broken = Stream.of(key(5)).peek(ignored -> {
            throw new IllegalStateException("the index went away");
        });

        assertThatThrownBy(() -> store.sweep(ACME, SPACE, broken)).hasMessageContaining("the index went away");

        assertThat(store.getAll(ACME, SPACE, List.of(key(1)))).hasSize(1);
        assertThat(store.sweep(ACME, SPACE, Stream.of())).isEqualTo(1);
    }

    @Test
    void aSpaceAModelOrATenantIsRemovedAlone() {
        store.putAll(ACME, SPACE, Map.of(key(1), vector(1), key(2), vector(2)));
        store.putAll(ACME, NEWER, Map.of(key(1), vector(1)));
        store.putAll(OTHER, SPACE, Map.of(key(1), vector(1)));
        store.putAll(OTHER, WIDER, Map.of(key(1), new float[5]));

        assertThat(store.remove(SPACE)).isEqualTo(3);
        assertThat(store.removeModel("tiny")).isEqualTo(1);
        assertThat(store.removeModel("unknown")).isZero();
        assertThat(store.held()).containsExactly(new VectorStore.Held(OTHER, WIDER, 1));
        assertThat(store.remove(OTHER)).isEqualTo(1);
        assertThat(store.held()).isEmpty();
    }

    @Test
    void manyThreadsReadAndWriteAtOnce() throws Exception {
        var work = new ArrayList<Callable<Integer>>();
        for (int i = 0; i < 16; i++) {
            int from = 50 * (i % 8);
            work.add(() -> {
                var batch = new HashMap<ContentKey, float[]>();
                IntStream.range(from, from + 50).forEach(n -> batch.put(key(n), vector(n)));
                store.putAll(ACME, SPACE, batch);
                return store.getAll(ACME, SPACE, batch.keySet()).size();
            });
        }
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (var each : threads.invokeAll(work)) {
                assertThat(each.get()).isEqualTo(50);
            }
        }
        assertThat(store.held()).containsExactly(new VectorStore.Held(ACME, SPACE, 400));
    }

    protected static ContentKey key(int number) {
        return new ContentKey(Long.rotateLeft(number * 0x9E3779B97F4A7C15L, 17), number, -number, 0);
    }

    protected static float[] vector(int number) {
        return new float[] {number, number / 3f, -number};
    }
}
