package io.cairn.adapter.sql;

import io.cairn.event.Recorded;
import io.cairn.event.StreamId;
import io.cairn.tenant.Tenant;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Questions of a whole batch, each kind in one statement whose every row goes through the index, however
/// large the table and whatever its statistics.
final class PostgresLookup {
    private static final String EVENTS = """
            SELECT asked.tenant, asked.id, found.stream_type, found.stream_id, found.version, found.position
            FROM unnest(?, ?) AS asked (tenant, id) CROSS JOIN LATERAL (
                SELECT * FROM event WHERE event.tenant = asked.tenant AND event.event_id = asked.id LIMIT 1) found
            """;

    private static final String VERSIONS = """
            SELECT asked.tenant, asked.type, asked.id, found.version
            FROM unnest(?, ?, ?) AS asked (tenant, type, id) CROSS JOIN LATERAL (
                SELECT version FROM event
                WHERE event.tenant = asked.tenant AND stream_type = asked.type AND stream_id = asked.id
                ORDER BY version DESC LIMIT 1) found
            """;

    private PostgresLookup() {}

    static void events(SqlSession session, Map<Tenant, ? extends Collection<UUID>> asked, Foreseen into)
            throws SQLException {
        var tenants = new ArrayList<String>();
        var ids = new ArrayList<byte[]>();
        asked.forEach((tenant, events) -> events.forEach(id -> {
            into.event(tenant, id, Optional.empty());
            tenants.add(tenant.id());
            ids.add(SqlTypes.bytes(id));
        }));
        session.list(
                EVENTS,
                row -> {
                    var id = SqlTypes.uuid(row.getBytes(2));
                    var found = new Recorded(
                            id, new StreamId(row.getString(3), row.getString(4)), row.getLong(5), row.getLong(6));
                    into.event(new Tenant(row.getString(1)), id, Optional.of(found));
                    return found;
                },
                session.connection().createArrayOf("text", tenants.toArray()),
                session.connection().createArrayOf("bytea", ids.toArray(byte[][]::new)));
    }

    static void versions(SqlSession session, Map<Tenant, ? extends Collection<StreamId>> asked, Foreseen into)
            throws SQLException {
        var tenants = new ArrayList<String>();
        var types = new ArrayList<String>();
        var ids = new ArrayList<String>();
        asked.forEach((tenant, streams) -> streams.forEach(stream -> {
            into.version(tenant, stream, 0);
            tenants.add(tenant.id());
            types.add(stream.type());
            ids.add(stream.id());
        }));
        session.list(
                VERSIONS,
                row -> {
                    long version = row.getLong(4);
                    into.version(
                            new Tenant(row.getString(1)), new StreamId(row.getString(2), row.getString(3)), version);
                    return version;
                },
                session.connection().createArrayOf("text", tenants.toArray()),
                session.connection().createArrayOf("text", types.toArray()),
                session.connection().createArrayOf("text", ids.toArray()));
    }
}
