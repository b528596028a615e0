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

/// What a transaction is going to read, for each tenant: whether events are there, by their ids, the versions of
/// streams, and rows by their full keys.
public record ReadSet(
        Map<Tenant, Set<UUID>> events, Map<Tenant, Set<StreamId>> streams, Map<Table, Map<Tenant, Set<RowKey>>> rows) {

    /// That of a transaction whose reads are not known before.
    public static ReadSet none() {
        return new ReadSet(Map.of(), Map.of(), Map.of());
    }

    /// What the units of a batch need to be judged.
    static ReadSet of(List<Submission> batch) {
        var events = new HashMap<Tenant, Set<UUID>>();
        var streams = new HashMap<Tenant, Set<StreamId>>();
        var rows = new HashMap<Table, Map<Tenant, Set<RowKey>>>();
        for (var unit : batch) {
            for (var append : unit.appends()) {
                streams.computeIfAbsent(append.tenant(), tenant -> new HashSet<>())
                        .add(append.stream());
                append.events()
                        .forEach(prepared -> events.computeIfAbsent(append.tenant(), tenant -> new HashSet<>())
                                .add(prepared.event().eventId()));
            }
            for (var expectation : unit.expectations()) {
                var row = expectation.row();
                rows.computeIfAbsent(row.table(), table -> new HashMap<>())
                        .computeIfAbsent(expectation.tenant(), tenant -> new HashSet<>())
                        .add(row.key());
            }
        }
        return new ReadSet(events, streams, rows);
    }
}
