package io.cairn.event;

import io.cairn.tenant.Tenant;
import java.util.UUID;

/// An event as the log holds it: the envelope in clear, the payload sealed.
///
/// @param metadata JSON: correlation, causation, actor
/// @param payload the sealed bytes
/// @param recordedAt microseconds since 1970; never goes back within a partition
/// @param occurredAt microseconds since 1970
/// @param digest of the envelope and the payload, see [Digests]
/// @param chain of everything up to this event, see [Digests]
public record StoredEvent(
        int partition,
        long position,
        Tenant tenant,
        StreamId stream,
        long version,
        UUID eventId,
        EventType type,
        int schemaVersion,
        String subject,
        UUID keyId,
        byte[] metadata,
        byte[] payload,
        long recordedAt,
        long occurredAt,
        byte[] digest,
        byte[] chain) {

    SealedEvent sealed() {
        return new SealedEvent(
                tenant, stream, eventId, type, schemaVersion, subject, keyId, metadata, payload, occurredAt);
    }
}
