package io.cairn.schema;

import io.cairn.event.EventType;
import java.util.List;

/// A type of events that belongs to the code and not to a tenant: one of Cairn's own, or one of a program that Cairn is
/// part of.
///
/// @param newest the schema version that the code writes
/// @param upcasters one from each older version to the next
public record DeclaredType(EventType type, int newest, List<Upcaster> upcasters) {
    /// @throws BrokenUpcasterChainException if the upcasters do not lead from every version to the newest
    public DeclaredType {
        upcasters = List.copyOf(upcasters);
        if (newest < 1) {
            throw new IllegalArgumentException("A schema version is 1 or more; found " + newest);
        }
        UpcasterChain.complete(type, newest, upcasters);
    }

    /// A type that has had one version so far.
    public static DeclaredType first(EventType type) {
        return new DeclaredType(type, 1, List.of());
    }
}
