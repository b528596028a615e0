package io.cairn.follow;

import io.cairn.event.StreamId;
import io.cairn.tenant.Tenant;
import java.time.Instant;
import java.util.UUID;

/// A stream that a follower has put aside, with the failure that caused it.
///
/// @param version of the first event that was not applied
/// @param eventId of that event
/// @param attempts that failed
public record Parked(
        Tenant tenant,
        StreamId stream,
        long version,
        UUID eventId,
        String eventType,
        String error,
        long attempts,
        Instant parkedAt) {
    public String key() {
        return stream.toString();
    }
}
