package io.cairn.server.wiring;

import io.cairn.bus.WebhookTables;
import io.cairn.event.EventLog;
import io.cairn.event.InlineProjection;
import io.cairn.follow.RunningFollower;
import io.cairn.knowledge.DocumentRows;
import io.cairn.lease.Leases;
import io.cairn.memory.ConversationRows;
import io.cairn.projection.RunningRows;
import io.cairn.row.Table;
import io.cairn.task.TaskEngine;
import java.util.List;
import java.util.stream.Stream;

/// The tables that a whole Cairn keeps beside its events.
final class Tables {
    private Tables() {}

    /// The read models that commit with the events.
    static List<InlineProjection> inline() {
        return List.of(new ConversationRows(), new DocumentRows());
    }

    static List<Table> all() {
        return Stream.of(
                        EventLog.tables().stream(),
                        inline().stream().flatMap(projection -> projection.tables().stream()),
                        RunningFollower.tables().stream(),
                        Leases.tables().stream(),
                        RunningRows.tables().stream(),
                        TaskEngine.tables().stream(),
                        WebhookTables.all().stream())
                .flatMap(tables -> tables)
                .toList();
    }
}
