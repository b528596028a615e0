package io.cairn.adapter.sql;

import io.cairn.event.Head;
import io.cairn.event.ReadSnapshot;
import io.cairn.event.Recorded;
import io.cairn.event.StoredEvent;
import io.cairn.event.StreamId;
import io.cairn.event.StreamVersion;
import io.cairn.event.Tally;
import io.cairn.row.Row;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Reads the log and its rows within one transaction, in SQL that every database understands.
class SqlSnapshot implements ReadSnapshot {
    static final String HEAD = "SELECT position, chain, recorded_at FROM partition_head WHERE partition = ?";

    final SqlSession session;
    private final String epoch;

    SqlSnapshot(SqlSession session, String epoch) {
        this.session = session;
        this.epoch = epoch;
    }

    @Override
    public Head head(int partition) {
        return run(
                "read the head",
                () -> session.first(HEAD, row -> head(epoch, partition, row), partition)
                        .orElseThrow(() -> new IllegalStateException("The log has no partition " + partition)));
    }

    static Head head(String epoch, int partition, ResultSet row) throws SQLException {
        return new Head(epoch, partition, row.getLong(1), row.getBytes(2), row.getLong(3));
    }

    @Override
    public List<Head> heads() {
        return run(
                "read the heads",
                () -> session.list(
                        "SELECT partition, position, chain, recorded_at FROM partition_head ORDER BY partition",
                        row -> new Head(epoch, row.getInt(1), row.getLong(2), row.getBytes(3), row.getLong(4))));
    }

    @Override
    public Optional<Recorded> find(Tenant tenant, UUID eventId) {
        return run(
                "find an event",
                () -> session.first(
                        SqlTypes.RECORDED + " WHERE tenant = ? AND event_id = ?",
                        SqlTypes::recorded,
                        tenant.id(),
                        SqlTypes.bytes(eventId)));
    }

    @Override
    public long version(Tenant tenant, StreamId stream) {
        return run(
                "read a stream's version",
                () -> session.first(
                                "SELECT max(version) FROM event WHERE tenant = ? AND stream_type = ? AND stream_id = ?",
                                row -> row.getLong(1),
                                tenant.id(),
                                stream.type(),
                                stream.id())
                        .orElse(0L));
    }

    @Override
    public List<StoredEvent> stream(Tenant tenant, StreamId stream, long afterVersion, int limit) {
        return run(
                "read a stream",
                () -> session.list(
                        SqlTypes.EVENT + " WHERE tenant = ? AND stream_type = ? AND stream_id = ? AND version > ?"
                                + " ORDER BY version LIMIT ?",
                        SqlTypes::event,
                        tenant.id(),
                        stream.type(),
                        stream.id(),
                        afterVersion,
                        limit));
    }

    @Override
    public List<StoredEvent> after(int partition, long position, int limit, long bytesMax) {
        return run(
                "follow the log",
                () -> session.list(
                        bytesMax,
                        row -> row.getBytes(13).length,
                        SqlTypes.EVENT + " WHERE partition = ? AND position > ? ORDER BY position LIMIT ?",
                        SqlTypes::event,
                        partition,
                        position,
                        limit));
    }

    @Override
    public List<StoredEvent> after(Tenant tenant, int partition, long position, int limit) {
        return run(
                "read a tenant's events",
                () -> session.list(
                        SqlTypes.EVENT
                                + " WHERE partition = ? AND position > ? AND tenant = ? ORDER BY position LIMIT ?",
                        SqlTypes::event,
                        partition,
                        position,
                        tenant.id(),
                        limit));
    }

    @Override
    public Map<Long, Long> behind(Tenant tenant, int partition, Set<Long> positions, int most) {
        var arguments = new ArrayList<Object>(positions);
        arguments.addAll(List.of(partition, tenant.id(), most));
        var counts = new HashMap<Long, Long>();
        run(
                "count a tenant's events",
                () -> session.list(
                        """
                        WITH place(number) AS (VALUES %s)
                        SELECT number, (SELECT count(*) FROM
                            (SELECT 1 FROM event WHERE partition = ? AND position > number AND tenant = ? LIMIT ?) AS behind)
                        FROM place
                        """.formatted(String.join(", ", Collections.nCopies(positions.size(), "(?)"))),
                        row -> counts.put(row.getLong(1), row.getLong(2)),
                        arguments.toArray()));
        return counts;
    }

    @Override
    public Optional<Row> row(Tenant tenant, Table table, RowKey key) {
        return rows(tenant, table, key, null, 1).stream().findFirst();
    }

    @Override
    public List<Row> rows(Tenant tenant, Table table, RowKey prefix, @Nullable RowKey after, int limit) {
        var arguments = new ArrayList<Object>();
        arguments.add(tenant.id());
        arguments.addAll(prefix.parts());
        if (after != null) {
            arguments.addAll(after.parts());
        }
        arguments.add(limit);
        var sql = RowSql.of(table)
                .select(prefix.parts().size(), after == null ? 0 : after.parts().size());
        return run(
                "read rows of " + table.name(),
                () -> session.list(sql, row -> SqlTypes.row(table, row), arguments.toArray()));
    }

    @Override
    public List<Row> rows(Tenant tenant, Table table, Collection<RowKey> prefixes) {
        var each = Set.copyOf(prefixes);
        return each.isEmpty()
                ? List.of()
                : run("read rows of " + table.name(), () -> {
                    var found = new ArrayList<Row>();
                    session.dialect()
                            .lookup()
                            .rows(session, table, Map.of(tenant, each), (same, row) -> found.add(row));
                    return found;
                });
    }

    @Override
    public List<StoredEvent> events(Tenant tenant, Collection<StreamVersion> places) {
        var each = Set.copyOf(places);
        return each.isEmpty()
                ? List.of()
                : run("read events", () -> session.dialect().lookup().stored(session, tenant, each));
    }

    @Override
    public List<Tenant> tenants(Table table) {
        return run(
                "list the tenants in " + table.name(),
                () -> session.list(RowSql.of(table).tenants(), row -> new Tenant(row.getString(1))));
    }

    @Override
    public Map<Tenant, List<Row>> first(
            Table table, Map<Tenant, Set<RowKey>> prefixes, @Nullable Long upTo, int limit) {
        var found = new HashMap<Tenant, List<Row>>();
        return prefixes.values().stream().allMatch(Set::isEmpty)
                ? found
                : run("read the first rows of " + table.name(), () -> {
                    session.dialect()
                            .lookup()
                            .first(
                                    session,
                                    table,
                                    prefixes,
                                    new Lookup.Bounds(upTo, limit),
                                    (tenant, row) -> found.computeIfAbsent(tenant, rows -> new ArrayList<>())
                                            .add(row));
                    return found;
                });
    }

    @Override
    public Map<String, Long> counts(Table table) {
        var counts = new HashMap<String, Long>();
        run(
                "count the rows of " + table.name(),
                () -> session.list(RowSql.of(table).counts(), row -> counts.put(row.getString(1), row.getLong(2))));
        return counts;
    }

    @Override
    public Map<Tenant, List<Row>> least(Table table, String part) {
        var found = new HashMap<Tenant, List<Row>>();
        int tenant = table.columns().size() + 1;
        run(
                "read the least rows of " + table.name(),
                () -> session.list(
                        RowSql.of(table).least(part),
                        row -> found.computeIfAbsent(new Tenant(row.getString(tenant)), first -> new ArrayList<>())
                                .add(SqlTypes.row(table, row))));
        return found;
    }

    @Override
    public long count(Tenant tenant, Table table, RowKey prefix) {
        var arguments = new ArrayList<Object>();
        arguments.add(tenant.id());
        arguments.addAll(prefix.parts());
        var sql = RowSql.of(table).count(prefix.parts().size());
        return run(
                "count rows of " + table.name(),
                () -> session.first(sql, row -> row.getLong(1), arguments.toArray())
                        .orElse(0L));
    }

    @Override
    public Tally tally(Tenant tenant, Table table, String lacking, String summed) {
        return run(
                "tally rows of " + table.name(),
                () -> session.first(
                                RowSql.of(table).tally(lacking, summed),
                                row -> new Tally(row.getLong(1), row.getLong(2)),
                                tenant.id())
                        .orElseThrow());
    }

    /// Work that a database may refuse.
    @FunctionalInterface
    interface Work<T> {
        T run() throws SQLException;
    }

    final <T> T run(String what, Work<T> work) {
        try {
            return work.run();
        } catch (SQLException e) {
            throw session.dialect().failed(what, e);
        }
    }
}
