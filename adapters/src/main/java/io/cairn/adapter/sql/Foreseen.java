package io.cairn.adapter.sql;

import io.cairn.event.Recorded;
import io.cairn.event.StoredEvent;
import io.cairn.event.StreamId;
import io.cairn.tenant.Tenant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// What a transaction has looked up for all of its units at once, kept true while it inserts.
final class Foreseen {
    private record EventKey(Tenant tenant, UUID id) {}

    private record StreamKey(Tenant tenant, StreamId stream) {}

    private final Map<EventKey, Optional<Recorded>> events = new HashMap<>();
    private final Map<StreamKey, Long> versions = new HashMap<>();

    void event(Tenant tenant, UUID id, Optional<Recorded> found) {
        events.put(new EventKey(tenant, id), found);
    }

    void version(Tenant tenant, StreamId stream, long version) {
        versions.put(new StreamKey(tenant, stream), version);
    }

    void inserted(StoredEvent event) {
        var recorded = new Recorded(event.eventId(), event.stream(), event.version(), event.position());
        events.computeIfPresent(new EventKey(event.tenant(), event.eventId()), (key, old) -> Optional.of(recorded));
        versions.computeIfPresent(new StreamKey(event.tenant(), event.stream()), (key, old) -> event.version());
    }

    boolean knows(Tenant tenant, UUID id) {
        return events.containsKey(new EventKey(tenant, id));
    }

    boolean knows(Tenant tenant, StreamId stream) {
        return versions.containsKey(new StreamKey(tenant, stream));
    }

    Optional<Recorded> find(Tenant tenant, UUID id) {
        return events.getOrDefault(new EventKey(tenant, id), Optional.empty());
    }

    long version(Tenant tenant, StreamId stream) {
        return versions.getOrDefault(new StreamKey(tenant, stream), 0L);
    }
}
