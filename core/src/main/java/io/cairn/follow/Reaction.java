package io.cairn.follow;

import io.cairn.event.Event;
import io.cairn.row.Table;
import java.util.List;

/// What a feature of the engine does about events. It sees each event of a partition once, in order, on the node
/// that holds the partition's lease. What follows from an event, rows and later events, commits together with the
/// checkpoint.
///
/// An event whose reaction fails parks its stream, and the rest goes on. A reaction has no effects of its own: it may
/// be asked again about an event whose effects were not committed.
///
/// Its effects are state, and so is how far it has come: a log that is made of another one by import or copy goes on
/// with each tenant where that one was.
///
/// ```java
/// final class Invoicing implements Reaction {
///     public String name() { return "invoicing"; }
///     public List<Table> tables() { return List.of(DUE); }
///     public Effects react(Event event, Rows rows) {
///         return event.type().name().equals("order.placed")
///                 ? Effects.rows(new RowChange.Put(DUE.row(Map.of("order", event.stream().id()))))
///                 : Effects.none();
///     }
/// }
/// var running = new RunningReaction(new Invoicing(), log, leases, FollowSettings.defaults(), clock).start();
/// ```
public interface Reaction {
    /// As operators know it, and under which its checkpoints are kept: lower-case letters, digits and hyphens. No
    /// projection and no other reaction has the same name.
    String name();

    /// The tables that it changes. Others may change them too, but not the rows that it reads, unless it
    /// [expects][Effects#expectations()] them to be as it read them.
    List<Table> tables();

    /// What follows from an event.
    ///
    /// @param rows of the event's tenant, with what follows from the events before
    /// @throws TryAgainException if nothing is wrong with the event; any other exception parks its stream
    Effects react(Event event, Rows rows);

    /// Where it begins in a log in which it has never run.
    default Beginning beginning() {
        return Beginning.FIRST_EVENT;
    }

    /// Where a reaction begins.
    enum Beginning {
        FIRST_EVENT,
        /// Behind the events that a partition has when it is followed for the first time.
        END
    }
}
