package io.cairn.client.wire;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An event as it is read; `version` is its place in its stream, `schema_version` that of its type's schema.
///
/// The payload was brought to the newest version of its schema; where an upcaster cannot do that, it is null and
/// `payload_error` says why.
public record Event(
        String id,
        String streamType,
        String streamId,
        long version,
        String type,
        int schemaVersion,
        JsonNode payload,
        String position,
        @Nullable Instant recordedAt,
        @Nullable Instant occurredAt,
        @Nullable String correlationId,
        @Nullable String causationId,
        @Nullable String actor,
        @Nullable String subject,
        @Nullable String payloadError) {}
