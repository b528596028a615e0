package io.cairn.server.wiring;

import io.cairn.recall.Query;
import io.cairn.recall.RecallSettings;
import io.cairn.recall.Relevance;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How recall searches and weighs, and how it is watched.
///
/// @param dense where the vectors are searched
/// @param sampled the share of the searches by meaning that are compared with an exact search, 0 to 1
/// @param candidates that each leg contributes
/// @param groupedCandidates that each leg contributes where hits are grouped and too few groups were found
/// @param wordsWeight of covering every word of the query, beside 1 for the meaning
/// @param namelessWeight of the query's meaning without its speakers' names
/// @param speakerWeight for passages of the speaker whom the query names
/// @param nextWeight of the score that the next message of a session lends
/// @param unread how many passages that are not embedded yet are embedded for a query
/// @param unreadWait how long a query waits for those vectors
/// @param freshWait how long a query waits for the index to reach the log's head
/// @param positionWait how long a query waits for a position that it asks for
public record SearchSettings(
        @DefaultValue("lucene") Dense dense,
        @DefaultValue("0.01") double sampled,
        @DefaultValue("150") int candidates,
        @DefaultValue("2000") int groupedCandidates,
        @DefaultValue("0.8") double wordsWeight,
        @DefaultValue("0.5") double namelessWeight,
        @DefaultValue("0.05") double speakerWeight,
        @DefaultValue("0.05") double nextWeight,
        @DefaultValue("10") int unread,
        @DefaultValue("150ms") Duration unreadWait,
        @DefaultValue("200ms") Duration freshWait,
        @DefaultValue("5s") Duration positionWait) {
    private static final int MOST_CANDIDATES = 10_000;
    private static final int MOST_GROUPED = 100_000;
    private static final int MOST_UNREAD = 100;
    private static final double MOST_WEIGHT = 10;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    /// An index of vectors.
    public enum Dense {
        /// On every node, in its data folder.
        LUCENE,
        /// In the log's PostgreSQL database, once for all nodes.
        PGVECTOR
    }

    public SearchSettings {
        Checks.within("cairn.recall.sampled", sampled, 0, 1);
        Checks.within("cairn.recall.candidates", candidates, Query.LIMIT_MAX, MOST_CANDIDATES);
        Checks.within("cairn.recall.grouped-candidates", groupedCandidates, candidates, MOST_GROUPED);
        Checks.within("cairn.recall.words-weight", wordsWeight, 0, MOST_WEIGHT);
        Checks.within("cairn.recall.nameless-weight", namelessWeight, 0, MOST_WEIGHT);
        Checks.within("cairn.recall.speaker-weight", speakerWeight, 0, MOST_WEIGHT);
        Checks.within("cairn.recall.next-weight", nextWeight, 0, MOST_WEIGHT);
        Checks.within("cairn.recall.unread", unread, 0, MOST_UNREAD);
        Checks.within("cairn.recall.unread-wait", unreadWait, LONGEST_WAIT);
        Checks.within("cairn.recall.fresh-wait", freshWait, LONGEST_WAIT);
        Checks.within("cairn.recall.position-wait", positionWait, LONGEST_WAIT);
    }

    RecallSettings settings(Relevance relevance) {
        var rest = RecallSettings.defaults();
        return new RecallSettings(
                candidates,
                groupedCandidates,
                wordsWeight,
                rest.cosineFloor(),
                rest.cosineSpan(),
                rest.unread(),
                unread,
                rest.unreadCharactersMax(),
                unreadWait,
                namelessWeight,
                speakerWeight,
                nextWeight,
                rest.lentFrom(),
                rest.later(),
                relevance,
                freshWait,
                positionWait);
    }
}
