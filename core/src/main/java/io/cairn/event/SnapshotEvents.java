package io.cairn.event;

import io.cairn.tenant.Tenant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Opens events of any tenant as one snapshot shows them; what is known of a tenant's types is asked for once.
final class SnapshotEvents {
    private final ReadSnapshot snapshot;
    private final Sealing sealing;
    private final String epoch;
    private final Map<Tenant, TenantView> views = new HashMap<>();

    SnapshotEvents(ReadSnapshot snapshot, Sealing sealing, String epoch) {
        this.snapshot = snapshot;
        this.sealing = sealing;
        this.epoch = epoch;
    }

    List<Event> open(List<StoredEvent> stored) {
        sealing.keys().prepare(snapshot, stored);
        return stored.stream().map(this::open).toList();
    }

    Event open(StoredEvent stored) {
        return views.computeIfAbsent(
                        stored.tenant(), tenant -> new TenantView(tenant, epoch, stored.partition(), snapshot, sealing))
                .open(stored);
    }
}
