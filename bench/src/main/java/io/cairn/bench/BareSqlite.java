package io.cairn.bench;

import io.cairn.adapter.sql.SqliteLogStorage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/// The bare log on SQLite, whose questions are asked one by one, since the database is in the process.
final class BareSqlite extends BareLog {
    private final PreparedStatement begin;
    private final PreparedStatement head;
    private final PreparedStatement find;
    private final PreparedStatement version;
    private final PreparedStatement insert;
    private final PreparedStatement moveHead;
    private final PreparedStatement commit;
    private long position;

    private BareSqlite(Connection connection) throws SQLException {
        super(connection);
        begin = connection.prepareStatement("BEGIN IMMEDIATE");
        head = connection.prepareStatement(
                "SELECT position, chain, recorded_at FROM partition_head WHERE partition = ?");
        find = connection.prepareStatement(
                "SELECT stream_type, stream_id, version, position FROM event WHERE tenant = ? AND event_id = ?");
        version = connection.prepareStatement(
                "SELECT max(version) FROM event WHERE tenant = ? AND stream_type = ? AND stream_id = ?");
        insert = connection.prepareStatement(INSERT);
        moveHead = connection.prepareStatement(MOVE_HEAD);
        commit = connection.prepareStatement("COMMIT");
    }

    static BareSqlite open(Path file) throws SQLException {
        SqliteLogStorage.open(file, 1).close();
        var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
        }
        return new BareSqlite(connection);
    }

    @Override
    long write(List<Row> rows) throws SQLException {
        begin.execute();
        head.setInt(1, 0);
        try (var found = head.executeQuery()) {
            position = found.next() ? found.getLong(1) : 0;
        }
        for (var row : rows) {
            insert(row);
        }
        moveHead.setLong(1, position);
        moveHead.setBytes(2, DIGEST);
        moveHead.setLong(3, System.currentTimeMillis() * 1000);
        moveHead.setInt(4, 0);
        moveHead.executeUpdate();
        commit.execute();
        return position;
    }

    private void insert(Row row) throws SQLException {
        find.setString(1, "default");
        find.setBytes(2, row.eventId());
        try (var found = find.executeQuery()) {
            if (found.next()) {
                throw new SQLException("An event id came twice");
            }
        }
        version.setString(1, "default");
        version.setString(2, "thing");
        version.setString(3, row.stream());
        long last;
        try (var found = version.executeQuery()) {
            last = found.next() ? found.getLong(1) : 0;
        }
        var values = row.values(0, ++position, last + 1);
        for (int column = 0; column < values.size(); column++) {
            insert.setObject(column + 1, values.get(column));
        }
        insert.executeUpdate();
    }
}
