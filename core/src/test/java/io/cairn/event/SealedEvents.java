package io.cairn.event;

import io.cairn.tenant.Tenant;
import java.util.UUID;

/// Events as a writer gets them, with nothing in them.
final class SealedEvents {
    private SealedEvents() {}

    static SealedEvent happened(Tenant tenant, StreamId stream, UUID id) {
        return new SealedEvent(
                tenant,
                stream,
                id,
                new EventType("thing.happened"),
                1,
                "subject",
                UUID.randomUUID(),
                new byte[] {'{', '}'},
                new byte[8],
                0);
    }
}
