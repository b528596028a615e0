package io.cairn.client.wire;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An event type with registered versions, which go from 1 to `newest`; the rest tells of the newest.
public record RegisteredType(
        String type,
        int newest,
        @Nullable String description,
        @Nullable Instant registeredAt,
        @Nullable String registeredBy) {}
