package io.cairn.event;

import io.cairn.row.Row;
import io.cairn.row.RowExpectation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// What became of a unit of work. Every outcome but `Written` has changed nothing.
public sealed interface Appended {

    /// It is durable.
    ///
    /// @param at the position of its last event, or the head if it has none
    /// @param versions of the streams it appended to, after it
    record Written(Position at, Map<StreamId, Long> versions) implements Appended {
        public Written {
            versions = Map.copyOf(versions);
        }
    }

    /// A stream was not as expected.
    record Conflict(StreamId stream, long actualVersion) implements Appended {}

    /// The log already has some of its events.
    ///
    /// @param recorded those events by id; all of the unit's if it was written before
    /// @param at the position of the last of them
    record Duplicate(Map<UUID, Recorded> recorded, Position at) implements Appended {
        public Duplicate {
            recorded = Map.copyOf(recorded);
        }
    }

    /// Payloads are not as the schemas of their types say, or of a version that nobody registered.
    record Refused(List<PayloadFault> faults) implements Appended {
        public Refused {
            faults = List.copyOf(faults);
        }
    }

    /// A row was not as expected.
    record Unmet(RowExpectation expectation, Optional<Row> found) implements Appended {}
}
