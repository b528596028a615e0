package io.cairn.recall;

import java.time.Duration;

/// How recall searches and weighs; the defaults are measured, see `docs/BENCHMARKS.md`.
///
/// @param candidatesMax that each leg contributes
/// @param lexicalWeight of the words
/// @param denseWeight of the meanings
/// @param nameless how much the query without its speakers' names counts beside the query as it is
/// @param speakerBoost for units of the one speaker whom the query names
/// @param freshWait how long a query waits for the index to reach the log's head
/// @param positionWait how long a query waits for a position that it asks for
public record RecallSettings(
        int candidatesMax,
        double lexicalWeight,
        double denseWeight,
        double nameless,
        double speakerBoost,
        Duration freshWait,
        Duration positionWait) {
    public RecallSettings {
        if (candidatesMax < Query.LIMIT_MAX || lexicalWeight < 0 || denseWeight < 0 || nameless < 0) {
            throw new IllegalArgumentException(
                    "Recall takes at least %d candidates and no negative weights".formatted(Query.LIMIT_MAX));
        }
    }

    public static RecallSettings defaults() {
        return new RecallSettings(200, .3, 1, .5, .15, Duration.ofMillis(200), Duration.ofSeconds(5));
    }
}
