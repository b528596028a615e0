package io.cairn.recall;

import io.cairn.event.Position;
import java.time.Duration;
import java.util.List;

/// What came of a query.
public sealed interface Recalled {

    /// The hits, best first.
    ///
    /// @param at the position that the answer reflects
    /// @param stale whether the index had not yet reached the log's head when the query came
    record Answer(List<Hit> hits, Position at, boolean stale) implements Recalled {
        public Answer {
            hits = List.copyOf(hits);
        }
    }

    /// The wanted position is not visible yet; asking again after a while will help.
    record NotYet(Position visible, Duration retryAfter) implements Recalled {}

    /// The wanted position belongs to another log.
    record PositionMoved(Position head) implements Recalled {}
}
