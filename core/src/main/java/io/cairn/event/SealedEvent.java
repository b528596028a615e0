package io.cairn.event;

import io.cairn.tenant.Tenant;
import java.util.UUID;

/// An event that waits for its turn: everything that the caller knows, the payload sealed.
record SealedEvent(
        Tenant tenant,
        StreamId stream,
        UUID eventId,
        EventType type,
        int schemaVersion,
        String subject,
        UUID keyId,
        byte[] metadata,
        byte[] payload,
        long occurredAt) {

    StoredEvent placed(int partition, long position, long version, long recordedAt, byte[] digest, byte[] chain) {
        return new StoredEvent(
                partition,
                position,
                tenant,
                stream,
                version,
                eventId,
                type,
                schemaVersion,
                subject,
                keyId,
                metadata,
                payload,
                recordedAt,
                occurredAt,
                digest,
                chain);
    }
}
