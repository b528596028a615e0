package io.cairn.model;

import io.cairn.tenant.Tenant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A content-addressed store of vectors: what a model once said about a text, so that it is never asked again.
///
/// All of it is derived: a store that loses everything costs computing time and nothing else. Vectors are
/// shared between callers and are only read.
public interface VectorStore extends AutoCloseable {
    /// The vectors that are there; keys without one are absent from the answer.
    Map<ContentKey, float[]> getAll(Tenant tenant, EmbeddingSpace space, Collection<ContentKey> keys);

    void putAll(Tenant tenant, EmbeddingSpace space, Map<ContentKey, float[]> vectors);

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
