package io.cairn.client.wire;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A server that is to be told of events, or what is to change about it; what is null stays as it is.
///
/// @param pattern of event types, such as `lead.*`
/// @param filter JSON pointers into the payload, each with the value that has to be there
/// @param secret in the form of Standard Webhooks; one is made if there is none
public record NewWebhook(
        @Nullable String url,
        @Nullable String pattern,
        @Nullable Map<String, JsonNode> filter,
        @Nullable String secret) {
    public static NewWebhook to(String url, String pattern) {
        return new NewWebhook(url, pattern, null, null);
    }
}
