package io.cairn.bench;

import io.cairn.model.ContentKey;
import io.cairn.model.EmbeddingSpace;
import io.cairn.model.VectorStore;
import io.cairn.tenant.Tenant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A store that keeps nothing, where the model's vectors cost less than keeping them.
final class NoVectors implements VectorStore {
    @Override
    public Map<ContentKey, float[]> getAll(Tenant tenant, EmbeddingSpace space, Collection<ContentKey> keys) {
        return Map.of();
    }

    @Override
    public void putAll(Tenant tenant, EmbeddingSpace space, Map<ContentKey, float[]> vectors) {}

    @Override
    public SequencedMap<ContentKey, float[]> after(
            Tenant tenant, EmbeddingSpace space, @Nullable ContentKey after, int limit) {
        return new LinkedHashMap<>();
    }

    @Override
    public long sweep(Tenant tenant, EmbeddingSpace space, Stream<ContentKey> live) {
        return 0;
    }

    @Override
    public long remove(EmbeddingSpace space) {
        return 0;
    }

    @Override
    public long removeModel(String model) {
        return 0;
    }

    @Override
    public long remove(Tenant tenant) {
        return 0;
    }

    @Override
    public List<Held> held() {
        return List.of();
    }

    @Override
    public void close() {}
}
