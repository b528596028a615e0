package io.cairn.bench;

import io.cairn.adapter.sql.PostgresLogStorage;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The bare log on PostgreSQL, whose questions are asked and whose rows are sent at once, to save round trips.
final class BarePostgres extends BareLog {
    private static final int STATISTICS_AT = 200;

    private final Connection connection;
    private final PreparedStatement head;
    private final PreparedStatement find;
    private final PreparedStatement versions;
    private final PreparedStatement insert;
    private final PreparedStatement moveHead;
    private boolean looked;

    private BarePostgres(Connection connection) throws SQLException {
        super(connection);
        this.connection = connection;
        head = connection.prepareStatement(
                "SELECT position, chain, recorded_at FROM partition_head WHERE partition = ? FOR UPDATE");
        find = connection.prepareStatement("""
                SELECT asked.id FROM unnest(?, ?) AS asked (tenant, id) CROSS JOIN LATERAL (
                    SELECT * FROM event WHERE event.tenant = asked.tenant AND event.event_id = asked.id LIMIT 1) found
                """);
        versions = connection.prepareStatement("""
                SELECT asked.id, found.version
                FROM unnest(?, ?, ?) AS asked (tenant, type, id) CROSS JOIN LATERAL (
                    SELECT version FROM event
                    WHERE event.tenant = asked.tenant AND stream_type = asked.type AND stream_id = asked.id
                    ORDER BY version DESC LIMIT 1) found
                """);
        insert = connection.prepareStatement(INSERT);
        moveHead = connection.prepareStatement(MOVE_HEAD);
    }

    static BarePostgres open(PostgresServer server) throws SQLException {
        PostgresLogStorage.open(server.settings()).close();
        var connection = server.connect();
        connection.setAutoCommit(false);
        return new BarePostgres(connection);
    }

    @Override
    long write(List<Row> rows) throws SQLException {
        head.setInt(1, 0);
        long position;
        try (var found = head.executeQuery()) {
            position = found.next() ? found.getLong(1) : 0;
        }
        requireNew(rows);
        var last = versions(rows);
        for (var row : rows) {
            row.bind(insert, 0, ++position, last.merge(row.stream(), 1L, Long::sum));
            insert.addBatch();
        }
        insert.executeBatch();
        moveHead.setLong(1, position);
        moveHead.setBytes(2, DIGEST);
        moveHead.setLong(3, System.currentTimeMillis() * 1000);
        moveHead.setInt(4, 0);
        moveHead.executeUpdate();
        connection.commit();
        look(position);
        return position;
    }

    /// As Cairn does: a plan from when the table was empty would scan all events ever after.
    private void look(long position) throws SQLException {
        if (!looked && position >= STATISTICS_AT) {
            looked = true;
            try (var statement = connection.createStatement()) {
                statement.execute("ANALYZE event");
            }
            connection.commit();
        }
    }

    private void requireNew(List<Row> rows) throws SQLException {
        find.setArray(1, texts(rows.stream().map(row -> "default").toArray()));
        find.setArray(
                2,
                connection.createArrayOf(
                        "bytea", rows.stream().map(Row::eventId).toArray(byte[][]::new)));
        try (var found = find.executeQuery()) {
            if (found.next()) {
                throw new SQLException("An event id came twice");
            }
        }
    }

    private Map<String, Long> versions(List<Row> rows) throws SQLException {
        var streams = rows.stream().map(Row::stream).distinct().toList();
        versions.setArray(1, texts(streams.stream().map(row -> "default").toArray()));
        versions.setArray(2, texts(streams.stream().map(row -> "thing").toArray()));
        versions.setArray(3, texts(streams.toArray()));
        var last = new HashMap<String, Long>();
        try (var found = versions.executeQuery()) {
            while (found.next()) {
                last.put(found.getString(1), found.getLong(2));
            }
        }
        return last;
    }

    private Array texts(Object[] values) throws SQLException {
        return connection.createArrayOf("text", values);
    }
}
