package io.cairn.event;

import io.cairn.row.RowChange;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.List;

/// A read model that is never behind: its rows commit with the events that they follow from.
///
/// It holds what decisions and look-ups read. The changes are a pure function of the event; what only the
/// writer knows is left to [io.cairn.row.Assigned].
public interface InlineProjection {
    /// As operators know it.
    String name();

    /// Derived tables, which nothing else changes.
    List<Table> tables();

    List<RowChange> changes(Tenant tenant, StreamId stream, NewEvent event);

    /// What is left to say when the payload cannot be read any more, since its subject was forgotten.
    List<RowChange> changesOfForgotten(Tenant tenant, StreamId stream, EventType type);
}
