package io.cairn.simulation;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;

/// The events that no projection can take in, until somebody mends the projections.
final class Poison {
    private final Set<UUID> events = new LinkedHashSet<>();

    void add(UUID event) {
        events.add(event);
    }

    boolean holds(UUID event) {
        return events.contains(event);
    }

    /// Lets projections take in one more of them.
    void mendOne(Chance chance) {
        chance.pickAny(new ArrayList<>(events)).ifPresent(events::remove);
    }

    void mendAll() {
        events.clear();
    }
}
