package io.cairn.passage;

import io.cairn.tenant.Tenant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What is left of a batch of changes once those that later ones undo are left out: first all removals, then all
/// passages.
///
/// @param removals of sources or messages, each once
/// @param passages each in place of one with its id
public record NetChanges(Set<PassageChange.Remove> removals, Collection<Passage> passages) {
    private record Key(Tenant tenant, String id) {}

    public static NetChanges of(List<PassageChange> changes) {
        var removals = new LinkedHashSet<PassageChange.Remove>();
        var passages = new LinkedHashMap<Key, Passage>();
        for (var change : changes) {
            switch (change) {
                case PassageChange.Put put ->
                    put.passages()
                            .forEach(passage -> passages.put(
                                    new Key(passage.tenant(), passage.ref().id()), passage));
                case PassageChange.Remove remove -> {
                    removals.add(remove);
                    passages.values().removeIf(remove::removes);
                }
            }
        }
        return new NetChanges(Set.copyOf(removals), List.copyOf(passages.values()));
    }
}
