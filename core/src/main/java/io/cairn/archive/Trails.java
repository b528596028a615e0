package io.cairn.archive;

import io.cairn.event.Digests;
import io.cairn.event.StoredEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a log's tenants have, as one fingerprint each: of the digest, the version and the time of every event, in
/// their order.
///
/// Two logs whose trails are equal hold the same events, and every tenant's in the same order, however they are
/// divided into partitions.
final class Trails {
    private record Trail(long events, byte[] hash) {
        static final Trail EMPTY = new Trail(0, new byte[0]);

        Trail and(StoredEvent event) {
            return new Trail(
                    events + 1,
                    Digests.chain(hash, 0, events + 1, event.version(), event.recordedAt(), event.digest()));
        }

        boolean sameAs(Trail other) {
            return Arrays.equals(hash, other.hash);
        }
    }

    private final Map<String, Trail> trails = new TreeMap<>();
    private long streams;

    void add(StoredEvent event) {
        trails.merge(event.tenant().id(), Trail.EMPTY.and(event), (trail, first) -> trail.and(event));
        if (event.version() == 1) {
            streams++;
        }
    }

    long events() {
        return trails.values().stream().mapToLong(Trail::events).sum();
    }

    long streams() {
        return streams;
    }

    int tenants() {
        return trails.size();
    }

    /// A sentence for each tenant whose events are not the same.
    List<String> differences(Trails copy) {
        var names = new TreeMap<>(trails);
        names.putAll(copy.trails);
        var differences = new ArrayList<String>();
        for (var tenant : names.keySet()) {
            var here = trails.getOrDefault(tenant, Trail.EMPTY);
            var there = copy.trails.getOrDefault(tenant, Trail.EMPTY);
            if (here.events() != there.events()) {
                differences.add("tenant %s has %d events at the source and %d at the target"
                        .formatted(tenant, here.events(), there.events()));
            } else if (!here.sameAs(there)) {
                differences.add(
                        "tenant %s has its events in another order, or with other versions or times, at the target"
                                .formatted(tenant));
            }
        }
        return differences;
    }
}
