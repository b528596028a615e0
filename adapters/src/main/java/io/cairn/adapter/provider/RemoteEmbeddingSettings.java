package io.cairn.adapter.provider;

import java.time.Duration;
import java.util.Set;

/// An embedding model of a provider, and how it is asked.
///
/// @param model its name in Cairn
/// @param upstream its name at the provider
/// @param path of the route, behind the provider's URL
/// @param dimensions of its vectors
/// @param askDimensions whether the request names them, which only some models take
/// @param base64 whether vectors are asked for in base64
/// @param queryPrefix what it wants in front of a query
/// @param passagePrefix what it wants in front of a passage
/// @param languages that it understands; none for any
/// @param textsMax of one request
/// @param tokensMax of one request, by estimate
/// @param timeout of one request, with its retries
/// @param queryTimeout of all requests for a query
/// @param passagesTimeout of all requests for the passages of one call
public record RemoteEmbeddingSettings(
        String model,
        String upstream,
        String path,
        int dimensions,
        boolean askDimensions,
        boolean base64,
        String queryPrefix,
        String passagePrefix,
        Set<String> languages,
        int textsMax,
        int tokensMax,
        Duration timeout,
        Duration queryTimeout,
        Duration passagesTimeout) {
    public RemoteEmbeddingSettings {
        languages = Set.copyOf(languages);
        boolean timely = timeout.isPositive() && queryTimeout.isPositive() && passagesTimeout.isPositive();
        if (dimensions < 1 || textsMax < 1 || tokensMax < 1 || !timely) {
            throw new IllegalArgumentException(
                    "The dimensions of model '%s', the texts and tokens of a request and its time are more than 0; found %d, %d, %d, %s, %s and %s"
                            .formatted(model, dimensions, textsMax, tokensMax, timeout, queryTimeout, passagesTimeout));
        }
    }
}
