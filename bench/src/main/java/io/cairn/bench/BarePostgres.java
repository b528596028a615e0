package io.cairn.bench;

import io.cairn.adapter.sql.PostgresLogStorage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The bare log on PostgreSQL: head, rows and commit in one message, as Cairn sends them where nobody else writes.
/// Faster than one trip with one flush nothing can be that writes there.
final class BarePostgres extends BareLog {
    private static final int STATISTICS_AT = 200;

    private static final String MOVE_PRESUMED = "UPDATE partition_head SET position ="
            + " CASE WHEN position = ? THEN ? END, chain = ?, recorded_at = ? WHERE partition = ?; ";

    private static final List<String> TYPES = List.of(
            "integer", "bigint", "text", "text", "text", "bigint", "bytea", "text", "integer", "text", "bytea", "bytea",
            "bytea", "bigint", "bigint", "bytea", "bytea");

    private static final String INSERT_MANY = INSERT.substring(0, INSERT.indexOf("VALUES")) + "SELECT * FROM unnest("
            + String.join(", ", TYPES.stream().map(type -> "?::" + type + "[]").toList()) + ")";

    private final Connection connection;
    private final PreparedStatement one;
    private final PreparedStatement many;
    private final Map<String, Long> versions = new HashMap<>();
    private long position;
    private boolean looked;

    private BarePostgres(Connection connection) throws SQLException {
        super(connection);
        this.connection = connection;
        one = connection.prepareStatement(MOVE_PRESUMED + INSERT + "; COMMIT");
        many = connection.prepareStatement(MOVE_PRESUMED + INSERT_MANY + "; COMMIT");
    }

    static BarePostgres open(PostgresServer server) throws SQLException {
        PostgresLogStorage.open(server.settings()).close();
        var connection = server.connect();
        connection.setAutoCommit(false);
        return new BarePostgres(connection);
    }

    @Override
    long write(List<Row> rows) throws SQLException {
        var statement = rows.size() == 1 ? one : many;
        statement.setLong(1, position);
        statement.setLong(2, position + rows.size());
        statement.setBytes(3, DIGEST);
        statement.setLong(4, System.currentTimeMillis() * 1000);
        statement.setInt(5, 0);
        var values = rows.stream().map(this::values).toList();
        for (int column = 0; column < TYPES.size(); column++) {
            int at = column;
            if (rows.size() == 1) {
                statement.setObject(6 + at, values.getFirst().get(at));
            } else {
                var all = values.stream().map(row -> row.get(at));
                statement.setArray(
                        6 + at,
                        connection.createArrayOf(
                                TYPES.get(at),
                                TYPES.get(at).equals("bytea") ? all.toArray(byte[][]::new) : all.toArray()));
            }
        }
        statement.execute();
        look();
        return position;
    }

    private List<Object> values(Row row) {
        return row.values(0, ++position, versions.merge(row.stream(), 1L, Long::sum));
    }

    /// As Cairn does.
    private void look() throws SQLException {
        if (!looked && position >= STATISTICS_AT) {
            looked = true;
            try (var statement = connection.createStatement()) {
                statement.execute("ANALYZE event");
            }
            connection.commit();
        }
    }
}
