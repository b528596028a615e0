package io.cairn.model;

import io.cairn.tenant.Tenant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A content-addressed store of vectors: what a model once said about a text, so that it is never asked again.
///
/// All of it is derived: a store that loses everything costs computing time and nothing else. Vectors are
/// shared between callers and are only read.
public interface VectorStore extends AutoCloseable {
    int COPIED_AT_ONCE = 500;

    /// The vectors that are there; keys without one are absent from the answer.
    Map<ContentKey, float[]> getAll(Tenant tenant, EmbeddingSpace space, Collection<ContentKey> keys);

    void putAll(Tenant tenant, EmbeddingSpace space, Map<ContentKey, float[]> vectors);

    /// The vectors of a space in the order of their keys' bytes, from behind a key or from the first; none at the end.
    /// A vector that is damaged is left out.
    SequencedMap<ContentKey, float[]> after(Tenant tenant, EmbeddingSpace space, @Nullable ContentKey after, int limit);

    /// Puts everything that this store has into another, which may have some of it already.
    ///
    /// @param progress is told how many vectors were put
    /// @return how many
    default long copyTo(VectorStore other, LongConsumer progress) {
        long put = 0;
        for (var held : held()) {
            var page = after(held.tenant(), held.space(), null, COPIED_AT_ONCE);
            while (!page.isEmpty()) {
                other.putAll(held.tenant(), held.space(), page);
                put += page.size();
                progress.accept(put);
                page = after(held.tenant(), held.space(), page.lastEntry().getKey(), COPIED_AT_ONCE);
            }
        }
        return put;
    }

    /// Removes what is not live. What is put while the sweep runs stays, whether or not it is among the live keys.
    ///
    /// @param live read once, while the store goes on answering
    /// @return how many vectors were removed
    long sweep(Tenant tenant, EmbeddingSpace space, Stream<ContentKey> live);

    /// Removes every tenant's vectors of a space.
    ///
    /// @return how many vectors were removed
    long remove(EmbeddingSpace space);

    /// Removes every tenant's vectors of a model, whatever its fingerprint.
    ///
    /// @return how many vectors were removed
    long removeModel(String model);

    /// Removes all of a tenant's vectors.
    ///
    /// @return how many vectors were removed
    long remove(Tenant tenant);

    List<Held> held();

    @Override
    void close();

    /// How many vectors a tenant has in a space.
    record Held(Tenant tenant, EmbeddingSpace space, long vectors) {}

    static VectorStore inMemory() {
        return new InMemoryVectorStore();
    }
}
