package io.cairn.model;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/// Vectors in memory, up to a number of bytes; beyond it the least recently used ones leave.
final class VectorCache<K> {
    /// Key, entry, array header and links, measured to the nearest hundred on a 64-bit JVM.
    private static final long OVERHEAD_BYTES = 200;

    private final long bytesMax;
    private final LinkedHashMap<K, float[]> vectors = new LinkedHashMap<>(256, 0.75f, true);
    private long bytes;

    VectorCache(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    synchronized float @Nullable [] get(K key) {
        return vectors.get(key);
    }

    synchronized void put(K key, float[] vector) {
        var before = vectors.put(key, vector);
        bytes += before == null ? cost(vector) : cost(vector) - cost(before);
        while (bytes > bytesMax) {
            bytes -= cost(vectors.pollFirstEntry().getValue());
        }
    }

    /// @return how many vectors were in it
    synchronized int clear() {
        int before = vectors.size();
        vectors.clear();
        bytes = 0;
        return before;
    }

    synchronized int size() {
        return vectors.size();
    }

    private static long cost(float[] vector) {
        return OVERHEAD_BYTES + (long) Float.BYTES * vector.length;
    }
}
