package io.cairn.simulation;

import io.cairn.event.LogStorage;
import io.cairn.event.StoredEvent;
import io.cairn.row.RowKey;
import io.cairn.simulation.Things.Thing;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The rows that commit with the events are never behind the log, whichever tables they are in.
final class TablesEqualFold implements Checker {
    private final LogStorage store;
    private final Map<StreamKey, Thing> things = new HashMap<>();

    TablesEqualFold(LogStorage store) {
        this.store = store;
    }

    void take(StoredEvent event) {
        Things.fold(things, event);
    }

    @Override
    public void check() {
        var found = new HashMap<StreamKey, Thing>();
        for (var tenant : World.TENANTS) {
            store.read(snapshot -> snapshot.rows(tenant, Things.TABLE, new RowKey(List.of()), null, Integer.MAX_VALUE))
                    .forEach(row -> found.put(StreamKey.ofId(tenant, row.text("id")), Thing.of(row)));
        }
        if (!found.equals(things)) {
            throw new Violation("The tables hold %s, a fold of the log %s", found, things);
        }
    }
}
