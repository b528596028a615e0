package io.cairn.testkit;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A request as a [ModelServer] got it.
///
/// @param headers by name in lower case
/// @param end completes when the server is done with it
public record ModelRequest(
        String method, String path, Map<String, String> headers, String body, CompletableFuture<End> end) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// How a request ended.
    public enum End {
        /// All of the answer was sent.
        ANSWERED,
        /// The script broke the connection.
        CUT,
        /// The client went away before.
        CLIENT_GONE
    }

    public ModelRequest {
        headers = Map.copyOf(headers);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    public JsonNode json() {
        return JSON.readTree(body);
    }
}
