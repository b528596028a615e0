package io.cairn.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VectorCacheTest {
    private static final long ROOM_FOR_TWO = 2 * (200 + 4 * 10);

    private final VectorCache<String> cache = new VectorCache<>(ROOM_FOR_TWO);

    @Test
    void theLeastRecentlyUsedLeavesWhenTheBytesAreSpent() {
        cache.put("a", new float[10]);
        cache.put("b", new float[10]);
        assertThat(cache.get("a")).isNotNull();
        cache.put("c", new float[10]);

        assertThat(cache.get("b")).isNull();
        assertThat(cache.get("a")).isNotNull();
        assertThat(cache.get("c")).isNotNull();
    }

    @Test
    void aVectorLargerThanTheWholeCacheIsNotKept() {
        cache.put("huge", new float[10_000]);

        assertThat(cache.size()).isZero();
    }

    @Test
    void puttingAKeyAgainDoesNotSpendItsBytesTwice() {
        for (int i = 0; i < 100; i++) {
            cache.put("a", new float[10]);
        }
        cache.put("b", new float[10]);

        assertThat(cache.size()).isEqualTo(2);
    }
}
