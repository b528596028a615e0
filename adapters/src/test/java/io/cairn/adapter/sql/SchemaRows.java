package io.cairn.adapter.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the tables of a schema hold, migrations' own table aside.
final class SchemaRows {
    private SchemaRows() {}

    /// The columns of every table.
    static Map<String, List<String>> columns(Connection connection) throws SQLException {
        var columns = new TreeMap<String, List<String>>();
        var meta = connection.getMetaData();
        try (var tables =
                meta.getTables(connection.getCatalog(), connection.getSchema(), "%", new String[] {"TABLE"})) {
            while (tables.next()) {
                columns.put(tables.getString("TABLE_NAME"), new ArrayList<>());
            }
        }
        columns.remove(Migration.HISTORY);
        for (var table : columns.entrySet()) {
            try (var found = meta.getColumns(connection.getCatalog(), connection.getSchema(), table.getKey(), "%")) {
                while (found.next()) {
                    table.getValue().add(found.getString("COLUMN_NAME"));
                }
            }
        }
        return columns;
    }

    /// The rows of these tables, of each only these columns.
    static Map<String, List<String>> of(Connection connection, Map<String, List<String>> columns) throws SQLException {
        var found = new TreeMap<String, List<String>>();
        for (var table : columns.entrySet()) {
            found.put(table.getKey(), rows(connection, table.getKey(), table.getValue()));
        }
        return found;
    }

    private static List<String> rows(Connection connection, String table, List<String> columns) throws SQLException {
        var rows = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var result = statement.executeQuery("SELECT %s FROM %s".formatted(String.join(", ", columns), table))) {
            while (result.next()) {
                var cells = new ArrayList<String>();
                for (int i = 1; i <= columns.size(); i++) {
                    cells.add(
                            result.getObject(i) instanceof byte[] bytes
                                    ? HexFormat.of().formatHex(bytes)
                                    : String.valueOf(result.getObject(i)));
                }
                rows.add(String.join(" | ", cells));
            }
        }
        rows.sort(null);
        return rows;
    }

    /// The version of the schema, as the migrations' table says.
    static String version(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(
                        "SELECT version FROM %s ORDER BY installed_rank DESC LIMIT 1".formatted(Migration.HISTORY))) {
            return result.next() ? result.getString(1) : "none";
        }
    }
}
