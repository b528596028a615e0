package io.cairn.adapter.sql;

import io.cairn.row.Row;
import io.cairn.row.Table;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// How our values look in a database and back.
final class SqlTypes {
    private SqlTypes() {}

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
