package io.cairn.model;

import io.cairn.tenant.Tenant;
import java.util.Collection;
import java.util.Map;

/// A cache of vectors that nodes share, in front of the store.
///
/// It may lose anything at any time, and never fails: what it cannot tell in a bounded time it does not know. What it
/// does tell is what was put.
public interface SharedVectors extends AutoCloseable {
    /// The vectors that it knows; keys without one are absent from the answer.
    Map<ContentKey, float[]> getAll(Tenant tenant, EmbeddingSpace space, Collection<ContentKey> keys);

    void putAll(Tenant tenant, EmbeddingSpace space, Map<ContentKey, float[]> vectors);

    /// Removes what one tenant has in a space.
    ///
    /// @return how many vectors were removed
    /// @throws RuntimeException if it cannot be reached, so that they may still be there
    long remove(Tenant tenant, EmbeddingSpace space);

    /// Removes models' vectors, of all tenants and whatever their fingerprints.
    ///
    /// @return how many vectors were removed
    /// @throws RuntimeException if it cannot be reached, so that they may still be there
    long removeModels(ModelNames models);

    @Override
    void close();
}
