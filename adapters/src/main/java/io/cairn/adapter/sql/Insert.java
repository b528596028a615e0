package io.cairn.adapter.sql;

import static java.util.stream.Collectors.joining;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// Two statements that write rows of one table: one writes a single row, the other many, with an array for each column.
///
/// @param one with a parameter for each column
/// @param many with an array for each column; empty if there is no such statement
/// @param types of the columns, as the database calls them
/// @param keyColumns how many of the first columns are the key of a row that may exist already; 0 if each row is new. A
///     statement can change a row only once, so it must not be given a key twice
record Insert(String one, String many, List<String> types, int keyColumns) {
    /// An insert that has to be sent for each row.
    static Insert none(String one) {
        return new Insert(one, "", List.of(), 0);
    }

    /// An insert of rows that are new.
    static Insert into(String table, List<String> columns, List<String> types) {
        return into(table, columns, types, 0, "");
    }

    /// @param otherwise the end of the statement, which says what is done where a row has the key already
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
