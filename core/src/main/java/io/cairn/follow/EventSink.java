package io.cairn.follow;

import io.cairn.event.Event;
import io.cairn.lease.Lease;
import java.util.List;

/// Something that takes in events and remembers by itself how far it has come.
///
/// It has two positions. What was applied is *visible* once it is published; it is *durable* once it is committed, and
/// the position commits together with it. After a crash the events past the durable position come again, so applying
/// is idempotent.
///
/// Only one thread at a time applies, publishes and commits.
public interface EventSink {
    /// Lets what was found damaged begin with nothing, so that its positions fall back to the beginning of the log.
    /// Called before each step.
    default void mend() {
        // What rows hold is mended by the operator of their database.
    }

    /// Takes in events of one partition, in order.
    ///
    /// @param to the position reached with them; events between that are not given are of no concern
    /// @throws TryAgainException if nothing is wrong with the events; any other exception parks the event's stream
    void apply(int partition, List<Event> events, long to);

    /// From now on what is applied to the lease's partition counts only as long as nobody else was granted it, and goes
    /// on from where the last holder was. Called only where nodes share what is kept.
    default void under(Lease lease) {
        // Nobody else writes to what belongs to this node.
    }

    /// Lets readers see what was applied.
    void publish();

    /// Makes durable what was applied, together with its positions.
    void commit();

    /// The position up to which events were applied; it falls back if what was applied had to be given up.
    long applied(int partition);

    /// The position that readers see.
    long visible(int partition);

    /// The position from which it would go on after a crash.
    long durable(int partition);
}
