package io.cairn.client.wire;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A server that is told of events.
///
/// @param status `active`, `failing` or `disabled`
/// @param reason why it is failing or off
/// @param lag how many events lie between what it was given and the end of the log
/// @param secret only right after it was made or replaced
public record Webhook(
        String id,
        String url,
        String pattern,
        Map<String, JsonNode> filter,
        String status,
        @Nullable String reason,
        long lag,
        @Nullable Instant failingSince,
        Instant createdAt,
        @Nullable String secret) {}
