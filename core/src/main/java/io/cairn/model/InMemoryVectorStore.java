package io.cairn.model;

import io.cairn.tenant.Tenant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Vectors in maps, one per tenant and space.
final class InMemoryVectorStore implements VectorStore {
    private record Shelf(Tenant tenant, EmbeddingSpace space) {}

    private final Map<Shelf, Map<ContentKey, float[]>> shelves = new ConcurrentHashMap<>();

    @Override
    public Map<ContentKey, float[]> getAll(Tenant tenant, EmbeddingSpace space, Collection<ContentKey> keys) {
        var shelf = shelves.getOrDefault(new Shelf(tenant, space), Map.of());
        var found = new HashMap<ContentKey, float[]>();
        for (var key : keys) {
            var vector = shelf.get(key);
            if (vector != null) {
                found.put(key, vector);
            }
        }
        return found;
    }

    @Override
    public void putAll(Tenant tenant, EmbeddingSpace space, Map<ContentKey, float[]> vectors) {
        vectors.values().forEach(space::check);
        shelves.computeIfAbsent(new Shelf(tenant, space), absent -> new ConcurrentHashMap<>())
                .putAll(vectors);
    }

    @Override
    public SequencedMap<ContentKey, float[]> after(
            Tenant tenant, EmbeddingSpace space, @Nullable ContentKey after, int limit) {
        var sorted = new TreeMap<ContentKey, float[]>(ContentKey.ORDER);
        sorted.putAll(shelves.getOrDefault(new Shelf(tenant, space), Map.of()));
        var page = new LinkedHashMap<ContentKey, float[]>();
        (after == null ? sorted : sorted.tailMap(after, false))
                .entrySet().stream().limit(limit).forEach(entry -> page.put(entry.getKey(), entry.getValue()));
        return page;
    }

    @Override
    public long sweep(Tenant tenant, EmbeddingSpace space, Stream<ContentKey> live) {
        var shelf = shelves.getOrDefault(new Shelf(tenant, space), Map.of());
        var candidates = Set.copyOf(shelf.keySet());
        var kept = live.collect(Collectors.toSet());
        return candidates.stream()
                .filter(key -> !kept.contains(key) && shelf.remove(key) != null)
                .count();
    }

    @Override
    public long remove(EmbeddingSpace space) {
        return removeWhere(shelf -> shelf.space().equals(space));
    }

    @Override
    public long removeModel(String model) {
        return removeWhere(shelf -> shelf.space().model().equals(model));
    }

    @Override
    public long remove(Tenant tenant) {
        return removeWhere(shelf -> shelf.tenant().equals(tenant));
    }

    @Override
    public List<Held> held() {
        return shelves.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(entry -> new Held(
                        entry.getKey().tenant(),
                        entry.getKey().space(),
                        entry.getValue().size()))
                .toList();
    }

    @Override
    public void close() {}

    private long removeWhere(Predicate<Shelf> condition) {
        long removed = 0;
        for (var shelf : List.copyOf(shelves.keySet())) {
            var vectors = condition.test(shelf) ? shelves.remove(shelf) : null;
            removed += vectors == null ? 0 : vectors.size();
        }
        return removed;
    }
}
