package io.cairn.adapter.sql;

import io.cairn.event.ReadSet;
import io.cairn.event.Recorded;
import io.cairn.event.StoredEvent;
import io.cairn.event.StreamId;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowKey;
import io.cairn.row.RowOrder;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The answers that a transaction has fetched for all of its units at once. What it writes itself is entered here,
/// too, so that they stay true until it ends.
final class Prefetched {
    private record EventKey(Tenant tenant, UUID id) {}

    private record StreamKey(Tenant tenant, StreamId stream) {}

    private record TableKey(Tenant tenant, String table) {}

    private final Map<EventKey, Optional<Recorded>> events = new HashMap<>();
    private final Map<StreamKey, Long> versions = new HashMap<>();
    private final Map<TableKey, Map<RowKey, Optional<Row>>> rows = new HashMap<>();

    /// Adds the questions to a message; the answers to it are kept here.
    void lookUp(ReadSet questions, PostgresLookup lookup, SqlSession session, PostgresLookup.Asked into)
            throws SQLException {
        if (!questions.events().isEmpty()) {
            questions.events().forEach((tenant, ids) -> ids.forEach(id -> event(tenant, id, Optional.empty())));
            lookup.events(
                    session,
                    questions.events(),
                    (tenant, event) -> event(tenant, event.eventId(), Optional.of(event)),
                    into);
        }
        if (!questions.streams().isEmpty()) {
            questions.streams().forEach((tenant, streams) -> streams.forEach(stream -> version(tenant, stream, 0)));
            lookup.versions(
                    session,
                    questions.streams(),
                    (tenant, found) -> version(tenant, found.stream(), found.version()),
                    into);
        }
        for (var asked : questions.rows().entrySet()) {
            var table = asked.getKey();
            asked.getValue().forEach((tenant, keys) -> keys.forEach(key -> row(tenant, table, key, Optional.empty())));
            lookup.rows(
                    session,
                    table,
                    asked.getValue(),
                    (tenant, row) -> row(tenant, table, row.key(), Optional.of(row)),
                    into);
        }
    }

    private void event(Tenant tenant, UUID id, Optional<Recorded> found) {
        events.put(new EventKey(tenant, id), found);
    }

    private void version(Tenant tenant, StreamId stream, long version) {
        versions.put(new StreamKey(tenant, stream), version);
    }

    private void row(Tenant tenant, Table table, RowKey key, Optional<Row> found) {
        rows.computeIfAbsent(new TableKey(tenant, table.name()), name -> new HashMap<>())
                .put(key, found);
    }

    void inserted(StoredEvent event) {
        var recorded = new Recorded(event.eventId(), event.stream(), event.version(), event.position());
        events.computeIfPresent(new EventKey(event.tenant(), event.eventId()), (key, old) -> Optional.of(recorded));
        versions.computeIfPresent(new StreamKey(event.tenant(), event.stream()), (key, old) -> event.version());
    }

    void changed(Tenant tenant, RowChange change) {
        var known = rows.get(new TableKey(tenant, change.table().name()));
        if (known == null) {
            return;
        }
        switch (change) {
            case RowChange.Put put ->
                known.computeIfPresent(
                        put.key(), (key, old) -> Optional.of(old.map(put::over).orElse(put.row())));
            case RowChange.Remove(var table, var prefix) ->
                known.replaceAll((key, old) -> RowOrder.startsWith(key, prefix) ? Optional.empty() : old);
        }
    }

    boolean knows(Tenant tenant, UUID id) {
        return events.containsKey(new EventKey(tenant, id));
    }

    boolean knows(Tenant tenant, StreamId stream) {
        return versions.containsKey(new StreamKey(tenant, stream));
    }

    boolean knows(Tenant tenant, Table table, RowKey key) {
        return rows.getOrDefault(new TableKey(tenant, table.name()), Map.of()).containsKey(key);
    }

    Optional<Recorded> find(Tenant tenant, UUID id) {
        return events.getOrDefault(new EventKey(tenant, id), Optional.empty());
    }

    long version(Tenant tenant, StreamId stream) {
        return versions.getOrDefault(new StreamKey(tenant, stream), 0L);
    }

    Optional<Row> row(Tenant tenant, Table table, RowKey key) {
        return rows.getOrDefault(new TableKey(tenant, table.name()), Map.of()).getOrDefault(key, Optional.empty());
    }
}
