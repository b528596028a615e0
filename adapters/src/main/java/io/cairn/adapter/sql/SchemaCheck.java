package io.cairn.adapter.sql;

import io.cairn.event.StorageException;
import io.cairn.event.StorageException.Kind;
import io.cairn.row.Table;
import io.cairn.row.Table.Column;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Compares the tables in the database with those that the code reads and writes.
final class SchemaCheck {
    /// A column as the database describes it.
    ///
    /// @param type in lower case
    /// @param key its place in the primary key, 0 if it has none
    record Found(String type, int key) {}

    private record Expected(String table, List<Column> key, List<Column> values) {
        static Expected of(Table table) {
            var key = new ArrayList<Column>();
            key.add(Column.text("tenant"));
            key.addAll(table.key());
            return new Expected(table.name(), key, table.values());
        }
    }

    private static final List<Expected> LOG = List.of(
            new Expected(
                    "log_identity",
                    List.of(),
                    List.of(Column.text("epoch"), Column.bytes("genesis"), Column.number("created_at"))),
            new Expected(
                    "partition_head",
                    List.of(Column.number("partition")),
                    List.of(Column.number("position"), Column.bytes("chain"), Column.number("recorded_at"))),
            new Expected(
                    "event",
                    List.of(Column.number("partition"), Column.number("position")),
                    List.of(
                            Column.text("tenant"),
                            Column.text("stream_type"),
                            Column.text("stream_id"),
                            Column.number("version"),
                            Column.bytes("event_id"),
                            Column.text("type"),
                            Column.number("schema_version"),
                            Column.text("subject"),
                            Column.bytes("key_id"),
                            Column.bytes("metadata"),
                            Column.bytes("payload"),
                            Column.number("recorded_at"),
                            Column.number("occurred_at"),
                            Column.bytes("digest"),
                            Column.bytes("chain"))));

    private final Dialect dialect;
    private final Map<String, Map<String, Found>> found;
    private final List<String> differences = new ArrayList<>();

    private SchemaCheck(Dialect dialect, Map<String, Map<String, Found>> found) {
        this.dialect = dialect;
        this.found = found;
    }

    /// @param place where the schema is, as an operator knows it
    /// @param tables the expected ones besides the log's
    /// @throws StorageException that names every difference
    static void require(SqlSession session, String place, List<Table> tables) throws SQLException {
        var check = new SchemaCheck(session.dialect(), found(session));
        LOG.forEach(check::compare);
        tables.stream().map(Expected::of).forEach(check::compare);
        if (!check.differences.isEmpty()) {
            throw new StorageException(
                    Kind.BROKEN,
                    "The schema of %s is not the one this release works with (%s): undo what was changed by hand, or restore a backup"
                            .formatted(place, String.join("; ", check.differences)),
                    new IllegalStateException());
        }
    }

    private static Map<String, Map<String, Found>> found(SqlSession session) throws SQLException {
        record Described(String table, String column, Found as) {}
        var tables = new TreeMap<String, Map<String, Found>>();
        session.list(
                        session.dialect().columns(),
                        row -> new Described(
                                row.getString(1),
                                row.getString(2),
                                new Found(row.getString(3).toLowerCase(Locale.ROOT), row.getInt(4))))
                .forEach(column -> tables.computeIfAbsent(column.table(), table -> new LinkedHashMap<>())
                        .put(column.column(), column.as()));
        return tables;
    }

    private void compare(Expected expected) {
        var columns = found.get(expected.table());
        if (columns == null) {
            differences.add("there is no table " + expected.table());
            return;
        }
        var surplus = new ArrayList<>(columns.keySet());
        for (int i = 0; i < expected.key().size(); i++) {
            compare(expected.table(), expected.key().get(i), i + 1, columns);
            surplus.remove(expected.key().get(i).name());
        }
        for (var column : expected.values()) {
            compare(expected.table(), column, 0, columns);
            surplus.remove(column.name());
        }
        surplus.forEach(name -> differences.add("%s.%s is unknown".formatted(expected.table(), name)));
    }

    private void compare(String table, Column column, int key, Map<String, Found> columns) {
        var actual = columns.get(column.name());
        if (actual == null) {
            differences.add("%s.%s is missing".formatted(table, column.name()));
        } else if (!dialect.types(column.type()).contains(actual.type())) {
            differences.add("%s.%s is %s instead of %s"
                    .formatted(
                            table,
                            column.name(),
                            actual.type(),
                            dialect.types(column.type()).getFirst()));
        } else if (actual.key() != key) {
            differences.add(
                    key == 0
                            ? "%s.%s is part of the primary key".formatted(table, column.name())
                            : "%s.%s is not part %d of the primary key".formatted(table, column.name(), key));
        }
    }
}
