package io.cairn.adapter.sql;

import static java.util.stream.Collectors.joining;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// A statement that writes one row, and the one that writes many of the kind at once, with an array for each column.
///
/// @param one with a parameter for each column
/// @param many with an array for each column; empty if there is no such statement
/// @param types of the columns, as the database calls them
/// @param keyColumns the first so many columns are the key of a row, which may stand there already; 0 if each row
///     is new. One statement changes a row once, so a key comes once in each
record Insert(String one, String many, List<String> types, int keyColumns) {
    /// A statement that is sent for each row.
    static Insert none(String one) {
        return new Insert(one, "", List.of(), 0);
    }

    /// Rows that are new.
    static Insert into(String table, List<String> columns, List<String> types) {
        return into(table, columns, types, 0, "");
    }

    /// @param otherwise what is done where a row has the key already, to be put behind the rest
    static Insert into(String table, List<String> columns, List<String> types, int keyColumns, String otherwise) {
        var start = "INSERT INTO %s (%s) ".formatted(table, String.join(", ", columns));
        var arrays = types.stream().map(type -> "?::" + type + "[]").collect(joining(", "));
        return new Insert(
                start + "VALUES (" + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")" + otherwise,
                start + "SELECT * FROM unnest(" + arrays + ")" + otherwise,
                types,
                keyColumns);
    }

    /// The values of rows, column by column, each in an array of its type.
    List<Object[]> columns(List<Object[]> rows) {
        return IntStream.range(0, types.size())
                .mapToObj(
                        column -> rows.stream().map(row -> row[column]).toArray(size -> array(types.get(column), size)))
                .toList();
    }

    private static Object[] array(String type, int size) {
        return switch (type) {
            case "integer" -> new Integer[size];
            case "bigint" -> new Long[size];
            case "bytea" -> new byte[size][];
            default -> new String[size];
        };
    }
}
