package io.cairn.event;

import java.time.Instant;
import java.util.HashSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An event that is to be appended.
///
/// @param id makes the append idempotent: an id is written once per tenant
/// @param schemaVersion of the payload, from 1
/// @param subject whose data the payload is, as an opaque id; forgetting the subject makes the payload unreadable
/// @param payload JSON, sealed before it is stored
/// @param occurredAt when it happened, as the caller says
/// @param causation the event that led to this one
public record NewEvent(
        UUID id,
        EventType type,
        int schemaVersion,
        String subject,
        JsonNode payload,
        Instant occurredAt,
        @Nullable UUID causation) {
    public NewEvent {
        Names.subject(subject);
        if (schemaVersion < 1) {
            throw new IllegalArgumentException("A schema version is 1 or more; found " + schemaVersion);
        }
    }

    /// Refuses a unit of work in which an event stands twice.
    static void requireDistinct(Stream<StreamAppend> appends) {
        var ids = new HashSet<UUID>();
        appends.flatMap(append -> append.events().stream()).forEach(event -> {
            if (!ids.add(event.id())) {
                throw new IllegalArgumentException("A unit of work holds event %s twice".formatted(event.id()));
            }
        });
    }
}
