package io.cairn.event;

import io.cairn.tenant.Tenant;
import java.util.List;
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

    /// The same events of one stream, if they follow each other without a gap.
    ///
    /// @param version behind which they stand
    /// @throws UnreadableException if one is missing, as where a database is damaged
    static List<StoredEvent> unbroken(List<StoredEvent> events, long version) {
        for (var event : events) {
            version++;
            if (event.version() != version) {
                throw new UnreadableException(
                        "Event %d of %s is missing, though there are later ones".formatted(version, event.stream()));
            }
        }
        return events;
    }

    /// The same events of one partition, if they follow each other without a gap.
    ///
    /// @param position behind which they stand
    /// @throws UnreadableException if one is missing, as where a database is damaged
    static List<StoredEvent> unbrokenPositions(List<StoredEvent> events, long position) {
        for (var event : events) {
            position++;
            if (event.position() != position) {
                throw new UnreadableException(
                        "The event at position %d of partition %d is missing, though there are later ones"
                                .formatted(position, event.partition()));
            }
        }
        return events;
    }
}
