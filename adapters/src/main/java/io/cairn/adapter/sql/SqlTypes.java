package io.cairn.adapter.sql;

import io.cairn.event.EventType;
import io.cairn.event.Recorded;
import io.cairn.event.StoredEvent;
import io.cairn.event.StreamId;
import io.cairn.row.Row;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Turns our values into those of a database and back.
final class SqlTypes {
    static final String EVENT_COLUMNS = "SELECT partition, position, tenant, stream_type, stream_id, version, event_id,"
            + " type, schema_version, subject, key_id, metadata, payload, recorded_at, occurred_at, digest, chain";

    static final String EVENT = EVENT_COLUMNS + " FROM event";

    static final String RECORDED = "SELECT event_id, stream_type, stream_id, version, position FROM event";

    private SqlTypes() {}

    /// Makes an event of the columns [#EVENT_COLUMNS].
    static StoredEvent event(ResultSet row) throws SQLException {
        return new StoredEvent(
                row.getInt(1),
                row.getLong(2),
                new Tenant(row.getString(3)),
                new StreamId(row.getString(4), row.getString(5)),
                row.getLong(6),
                uuid(row.getBytes(7)),
                new EventType(row.getString(8)),
                row.getInt(9),
                row.getString(10),
                uuid(row.getBytes(11)),
                row.getBytes(12),
                row.getBytes(13),
                row.getLong(14),
                row.getLong(15),
                row.getBytes(16),
                row.getBytes(17));
    }

    static Recorded recorded(ResultSet row) throws SQLException {
        return new Recorded(
                uuid(row.getBytes(1)),
                new StreamId(row.getString(2), row.getString(3)),
                row.getLong(4),
                row.getLong(5));
    }

    static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    static UUID uuid(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    static Row row(Table table, ResultSet found) throws SQLException {
        var cells = new HashMap<String, Object>();
        int index = 1;
        for (var column : table.columns()) {
            var value = cell(column.type(), found, index++);
            if (value != null) {
                cells.put(column.name(), value);
            }
        }
        return table.row(cells);
    }

    private static @Nullable Object cell(Table.Type type, ResultSet found, int index) throws SQLException {
        return switch (type) {
            case TEXT -> found.getString(index);
            case BYTES -> found.getBytes(index);
            case NUMBER -> {
                long number = found.getLong(index);
                yield found.wasNull() ? null : number;
            }
        };
    }
}
