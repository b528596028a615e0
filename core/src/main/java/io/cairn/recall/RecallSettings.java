package io.cairn.recall;

import java.time.Duration;

/// How recall searches and weighs; the defaults are measured, see `docs/BENCHMARKS.md`.
///
/// @param candidatesMax that each leg contributes
/// @param groupedCandidatesMax that each leg contributes where hits are grouped and too few groups were found
/// @param lexicalWeight of covering every word of the query
/// @param cosineFloor below which a vector says nothing
/// @param cosineSpan above the floor that weighs 1
/// @param unread what covering every word of the query counts beside that where the meaning is not known
/// @param unreadMax how many of those passages are embedded for a query
/// @param unreadCharactersMax how long these may be together
/// @param unreadWait how long a query waits for their vectors
/// @param nameless how much the query's vector without its speakers' names counts beside the one with them
/// @param speakerBoost for passages of the speaker whom the query names
/// @param nextLends the share of its score that the next message of a session lends
/// @param lentFrom the share of the next message's score that one must have of its own to be lent any
/// @param later how much less a later message of the same speaker may score and still come first
/// @param relevance of hits
/// @param freshWait how long a query waits for the index to reach the log's head
/// @param positionWait how long a query waits for a position that it asks for
public record RecallSettings(
        int candidatesMax,
        int groupedCandidatesMax,
        double lexicalWeight,
        double cosineFloor,
        double cosineSpan,
        double unread,
        int unreadMax,
        int unreadCharactersMax,
        Duration unreadWait,
        double nameless,
        double speakerBoost,
        double nextLends,
        double lentFrom,
        double later,
        Relevance relevance,
        Duration freshWait,
        Duration positionWait) {
    public RecallSettings {
        if (candidatesMax < Query.LIMIT_MAX
                || groupedCandidatesMax < candidatesMax
                || lexicalWeight < 0
                || cosineSpan <= 0
                || cosineFloor >= 1
                || unread < 0
                || unreadMax < 0
                || nameless < 0
                || speakerBoost < 0
                || nextLends < 0
                || lentFrom < 0
                || later < 0) {
            throw new IllegalArgumentException(
                    "Recall takes at least %d candidates, a cosine floor below 1, and no negative weights"
                            .formatted(Query.LIMIT_MAX));
        }
    }

    /// The same with the relevance of another model.
    public RecallSettings with(Relevance other) {
        return new RecallSettings(
                candidatesMax,
                groupedCandidatesMax,
                lexicalWeight,
                cosineFloor,
                cosineSpan,
                unread,
                unreadMax,
                unreadCharactersMax,
                unreadWait,
                nameless,
                speakerBoost,
                nextLends,
                lentFrom,
                later,
                other,
                freshWait,
                positionWait);
    }

    /// The same with another wait for the vectors of what is not embedded yet.
    public RecallSettings waitingForUnread(Duration wait) {
        return readingUnread(unreadMax, unreadCharactersMax, wait);
    }

    /// The same with other bounds of what a query reads that is not embedded yet.
    public RecallSettings readingUnread(int passagesMax, int charactersMax, Duration wait) {
        return new RecallSettings(
                candidatesMax,
                groupedCandidatesMax,
                lexicalWeight,
                cosineFloor,
                cosineSpan,
                unread,
                passagesMax,
                charactersMax,
                wait,
                nameless,
                speakerBoost,
                nextLends,
                lentFrom,
                later,
                relevance,
                freshWait,
                positionWait);
    }

    public static RecallSettings defaults() {
        return new RecallSettings(
                150,
                2_000,
                .8,
                .40,
                .35,
                2,
                10,
                2_000,
                Duration.ofMillis(150),
                .5,
                .05,
                .05,
                .5,
                0,
                Relevance.defaults(),
                Duration.ofMillis(200),
                Duration.ofSeconds(5));
    }
}
