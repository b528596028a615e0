package io.cairn.passage;

import io.cairn.event.Event;
import io.cairn.event.TenantView;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// What has passages to search, such as conversations or documents.
///
/// A source tells three things: what an event changes in an index, what stands at a reference now, and which
/// events still count.
public interface Source {
    /// What its hits are.
    Kind kind();

    /// Works out what events change, for one follower.
    ///
    /// @param meant whether passages tell the texts to embed; an index of words has no use for them, and finding
    ///     sentences takes longer than all the rest
    Cutter cutter(boolean meant);

    /// What stands at references, in a snapshot that is already open. What is deleted, superseded or unreadable by
    /// now is left out.
    Map<PassageRef, Excerpt> excerpts(TenantView view, Collection<PassageRef> refs);

    /// Those of the events whose passages can still be found, in a snapshot that is already open.
    List<Event> living(TenantView view, List<Event> events);

    /// Works out from one event after the other what changes in an index; the same log always gives the same passages.
    ///
    /// Not for concurrent use.
    @FunctionalInterface
    interface Cutter {
        /// Nothing for events of other sources.
        List<PassageChange> changes(Event event);
    }
}
