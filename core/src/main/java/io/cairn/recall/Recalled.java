package io.cairn.recall;

import io.cairn.event.Position;
import java.time.Duration;
import java.util.List;

/// What came of a query.
public sealed interface Recalled {

    /// The hits, best first.
    ///
    /// @param at the position that the answer reflects
    /// @param stale whether the lexical index had not yet reached the log's head when the query came
    /// @param dense what the dense leg had to say
    /// @param fits whether any hit is relevant enough to be taken for an answer
    record Answer(List<Hit> hits, Position at, boolean stale, Dense dense, boolean fits) implements Recalled {
        public Answer {
            hits = List.copyOf(hits);
        }
    }

    /// What the dense leg had to say of everything that the log held when the query came.
    enum Dense {
        /// It knew everything.
        COMPLETE,
        /// Some of it was not embedded yet: that was found by its words, or not at all.
        BEHIND,
        /// Nothing, since the query could not be embedded or the index not be asked: the words alone answer.
        SILENT
    }

    /// The wanted position is not visible yet; asking again after a while will help.
    record NotYet(Position visible, Duration retryAfter) implements Recalled {}

    /// The wanted position belongs to another log.
    record PositionMoved(Position head) implements Recalled {}
}
