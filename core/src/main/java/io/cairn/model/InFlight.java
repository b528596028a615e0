package io.cairn.model;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;

/// Which thread computes which key at the moment, so that no two compute the same.
///
/// A thread claims what nobody else has claimed and settles all of it before it waits for anybody, so no two
/// threads wait for each other. Whoever waited for a computation that failed does not inherit the failure:
/// the key is absent from the answer, and asking again claims it.
final class InFlight<K, V> {
    private final Map<K, CompletableFuture<V>> computing = new ConcurrentHashMap<>();

    /// What computes the claimed keys: it hands over each value as soon as it is there.
    interface Computation<K, V> {
        void run(List<K> claimed, BiConsumer<K, V> done);
    }

    Map<K, V> resolve(Collection<K> wanted, Computation<K, V> computation) throws InterruptedException {
        var mine = new LinkedHashMap<K, CompletableFuture<V>>();
        var others = new LinkedHashMap<K, CompletableFuture<V>>();
        for (var key : wanted) {
            var claim = new CompletableFuture<V>();
            var earlier = computing.putIfAbsent(key, claim);
            if (earlier == null) {
                mine.put(key, claim);
            } else {
                others.put(key, earlier);
            }
        }
        var values = new HashMap<K, V>();
        settle(mine, values, computation);
        for (var entry : others.entrySet()) {
            await(entry.getKey(), entry.getValue(), values);
        }
        return values;
    }

    private void settle(Map<K, CompletableFuture<V>> mine, Map<K, V> values, Computation<K, V> computation) {
        if (mine.isEmpty()) {
            return;
        }
        try {
            computation.run(List.copyOf(mine.keySet()), (key, value) -> {
                Objects.requireNonNull(mine.get(key), "only what was claimed is handed over")
                        .complete(value);
                values.put(key, value);
            });
        } finally {
            mine.forEach((key, claim) -> {
                computing.remove(key, claim);
                claim.cancel(false);
            });
        }
    }

    private static <K, V> void await(K key, CompletableFuture<V> computation, Map<K, V> values)
            throws InterruptedException {
        try {
            values.put(key, computation.get());
        } catch (CancellationException | ExecutionException gaveUp) {
            values.remove(key);
        }
    }
}
