package io.cairn.event;

import io.cairn.tenant.Tenant;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An event that was read from the log, its payload opened.
///
/// @param version its number in its stream, from 1
/// @param recordedAt when it was appended
/// @param occurredAt when it happened, as its author said
/// @param correlation the id that ties together what one request caused
/// @param actor who appended it
/// @param keyId of the key under which its payload is, or was, sealed
public record Event(
        Position position,
        Tenant tenant,
        StreamId stream,
        long version,
        UUID id,
        EventType type,
        int schemaVersion,
        String subject,
        Payload payload,
        Instant recordedAt,
        Instant occurredAt,
        String correlation,
        String actor,
        @Nullable UUID causation,
        UUID keyId) {
    /// As it was when it was new, with its payload as it is read today.
    NewEvent asNew(JsonNode json) {
        return new NewEvent(id, type, schemaVersion, subject, json, occurredAt, causation);
    }
}
