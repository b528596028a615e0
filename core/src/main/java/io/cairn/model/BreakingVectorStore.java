package io.cairn.model;

import io.cairn.guard.Breaker;
import io.cairn.guard.Retry;
import io.cairn.tenant.Tenant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A store of vectors behind a [Breaker]. What passes is tried again: nothing that is asked or kept here adds up when
/// it happens twice.
public final class BreakingVectorStore implements VectorStore {
    private final VectorStore store;
    private final Breaker breaker;
    private final Retry retry;

    public BreakingVectorStore(VectorStore store, Breaker breaker, Retry retry) {
        this.store = store;
        this.breaker = breaker;
        this.retry = retry;
    }

    private <T> T asked(Supplier<T> work) {
        return retry.of(() -> breaker.ask(work));
    }

    @Override
    public Map<ContentKey, float[]> getAll(Tenant tenant, EmbeddingSpace space, Collection<ContentKey> keys) {
        return asked(() -> store.getAll(tenant, space, keys));
    }

    @Override
    public void putAll(Tenant tenant, EmbeddingSpace space, Map<ContentKey, float[]> vectors) {
        asked(() -> {
            store.putAll(tenant, space, vectors);
            return vectors;
        });
    }

    @Override
    public SequencedMap<ContentKey, float[]> after(
            Tenant tenant, EmbeddingSpace space, @Nullable ContentKey after, int limit) {
        return asked(() -> store.after(tenant, space, after, limit));
    }

    /// A sweep takes long and reads the log meanwhile, so its failure says little about the store and is not counted.
    @Override
    public long sweep(Tenant tenant, EmbeddingSpace space, Stream<ContentKey> live) {
        return store.sweep(tenant, space, live);
    }

    @Override
    public long remove(EmbeddingSpace space) {
        return removed(() -> store.remove(space));
    }

    @Override
    public long removeModel(String model) {
        return removed(() -> store.removeModel(model));
    }

    @Override
    public long remove(Tenant tenant) {
        return removed(() -> store.remove(tenant));
    }

    private long removed(Supplier<Long> removal) {
        return asked(removal);
    }

    @Override
    public List<Held> held() {
        return asked(store::held);
    }

    @Override
    public void close() {
        store.close();
    }
}
