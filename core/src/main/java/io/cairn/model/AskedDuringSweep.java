package io.cairn.model;

import io.cairn.tenant.Tenant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/// The vectors that were asked for while a sweep ran, which the sweep must not remove.
///
/// Their passages may have been added after the sweep had listed the live ones. And since their vectors were found,
/// they were not put anew, which would have kept them.
final class AskedDuringSweep {
    private final Map<Tenant, Set<ContentKey>> sweeping = new ConcurrentHashMap<>();

    /// Runs a sweep of a tenant, of which there is one at a time.
    long during(Tenant tenant, ToLongFunction<Supplier<Stream<ContentKey>>> sweep) {
        Set<ContentKey> asked = ConcurrentHashMap.newKeySet();
        if (sweeping.putIfAbsent(tenant, asked) != null) {
            throw new IllegalStateException("The vectors of tenant %s are being swept already".formatted(tenant.id()));
        }
        try {
            return sweep.applyAsLong(asked::stream);
        } finally {
            sweeping.remove(tenant);
        }
    }

    void note(Tenant tenant, Stream<ContentKey> keys) {
        var asked = sweeping.get(tenant);
        if (asked != null) {
            keys.forEach(asked::add);
        }
    }
}
