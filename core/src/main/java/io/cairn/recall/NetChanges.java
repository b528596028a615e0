package io.cairn.recall;

import io.cairn.tenant.Tenant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What is left of a batch of changes once those that later ones undo are left out: first all removals, then all units.
///
/// @param removals of sources, each once
/// @param units each in place of one with its id
public record NetChanges(Set<IndexChange.Remove> removals, Collection<IndexUnit> units) {
    private record Key(Tenant tenant, String id) {}

    public static NetChanges of(List<IndexChange> changes) {
        var removals = new LinkedHashSet<IndexChange.Remove>();
        var units = new LinkedHashMap<Key, IndexUnit>();
        for (var change : changes) {
            switch (change) {
                case IndexChange.Put put ->
                    put.units()
                            .forEach(unit ->
                                    units.put(new Key(unit.tenant(), unit.ref().id()), unit));
                case IndexChange.Remove remove -> {
                    removals.add(remove);
                    units.values().removeIf(unit -> removes(remove, unit));
                }
            }
        }
        return new NetChanges(Set.copyOf(removals), List.copyOf(units.values()));
    }

    private static boolean removes(IndexChange.Remove removal, IndexUnit unit) {
        return unit.tenant().equals(removal.tenant())
                && unit.ref().kind() == removal.kind()
                && unit.ref().source().equals(removal.source());
    }
}
