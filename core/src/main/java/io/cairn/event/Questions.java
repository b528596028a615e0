package io.cairn.event;

import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// What a transaction is going to ask, for each tenant: which events there are, which version streams have, and what
/// stands in the rows with full keys.
public record Questions(
        Map<Tenant, Set<UUID>> events, Map<Tenant, Set<StreamId>> streams, Map<Table, Map<Tenant, Set<RowKey>>> rows) {

    /// Those of a transaction of which nobody knows what it will ask.
    public static Questions none() {
        return new Questions(Map.of(), Map.of(), Map.of());
    }

    /// Those that the units of a batch raise.
    static Questions of(List<Submission> batch) {
        var events = new HashMap<Tenant, Set<UUID>>();
        var streams = new HashMap<Tenant, Set<StreamId>>();
        var rows = new HashMap<Table, Map<Tenant, Set<RowKey>>>();
        for (var unit : batch) {
            for (var append : unit.appends()) {
                streams.computeIfAbsent(unit.tenant(), tenant -> new HashSet<>())
                        .add(append.stream());
                append.events()
                        .forEach(prepared -> events.computeIfAbsent(unit.tenant(), tenant -> new HashSet<>())
                                .add(prepared.event().eventId()));
            }
            for (var expectation : unit.expectations()) {
                var row = expectation.row();
                rows.computeIfAbsent(row.table(), table -> new HashMap<>())
                        .computeIfAbsent(expectation.tenant(), tenant -> new HashSet<>())
                        .add(row.key());
            }
        }
        return new Questions(events, streams, rows);
    }
}
