package io.cairn.adapter.sql;

import static java.util.stream.Collectors.joining;

import io.cairn.row.Table;
import io.cairn.row.Table.Column;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The statements of one table; names come from the table's description only, values are always bound.
final class RowSql {
    private static final Map<Table, RowSql> KNOWN = new ConcurrentHashMap<>();

    private final Table table;
    private final String columns;
    private final Map<Object, String> built = new ConcurrentHashMap<>();
    private final Map<Set<String>, Insert> puts = new ConcurrentHashMap<>();

    private RowSql(Table table) {
        this.table = table;
        this.columns = table.columns().stream().map(Column::name).collect(joining(", "));
    }

    static RowSql of(Table table) {
        return KNOWN.computeIfAbsent(table, RowSql::new);
    }

    private record Select(int prefix, int after) {}

    private record SelectAll(int prefix) {}

    private record Count(int prefix) {}

    private record Remove(int prefix) {}

    String select(int prefix, int after) {
        return built.computeIfAbsent(
                new Select(prefix, after),
                key -> "SELECT %s FROM %s WHERE %s%s ORDER BY %s LIMIT ?"
                        .formatted(
                                columns,
                                table.name(),
                                matching(prefix),
                                following(after),
                                keyColumns(table.key().size())));
    }

    /// The rows of many keys or prefixes of keys, which are given as an array of tenants and one for each part, and the
    /// tenant behind each; in PostgreSQL's words.
    String selectAll(int prefix) {
        return built.computeIfAbsent(new SelectAll(prefix), key -> {
            var asked = IntStream.range(0, prefix).mapToObj(i -> ", key" + i).collect(joining());
            var matching = IntStream.range(0, prefix)
                    .mapToObj(i ->
                            " AND %s = asked.key%d".formatted(table.key().get(i).name(), i))
                    .collect(joining());
            return """
                    SELECT %s, of_tenant FROM unnest(?%s) AS asked (of_tenant%s) CROSS JOIN LATERAL (
                        SELECT * FROM %s WHERE tenant = asked.of_tenant%s ORDER BY %s) found
                    """.formatted(
                            columns,
                            ", ?".repeat(prefix),
                            asked,
                            table.name(),
                            matching,
                            keyColumns(table.key().size()));
        });
    }

    String count(int prefix) {
        return built.computeIfAbsent(
                new Count(prefix), key -> "SELECT count(*) FROM %s WHERE %s".formatted(table.name(), matching(prefix)));
    }

    /// The columns come from table descriptions, never from a request.
    String tally(String lacking, String summed) {
        return "SELECT count(*), coalesce(sum(%s), 0) FROM %s WHERE %s AND %s IS NULL"
                .formatted(summed, table.name(), matching(0), lacking);
    }

    String tenants() {
        return "SELECT DISTINCT tenant FROM %s ORDER BY tenant".formatted(table.name());
    }

    String remove(int prefix) {
        return built.computeIfAbsent(
                new Remove(prefix), key -> "DELETE FROM %s WHERE %s".formatted(table.name(), matching(prefix)));
    }

    /// Inserts a row or, where one has its key, sets the columns that are not to be kept; for many in PostgreSQL's
    /// words.
    Insert put(Set<String> keep) {
        return puts.computeIfAbsent(keep, kept -> {
            var set = table.values().stream()
                    .map(Column::name)
                    .filter(name -> !kept.contains(name))
                    .map(name -> name + " = excluded." + name)
                    .collect(joining(", "));
            var all = Stream.concat(Stream.of(Column.text("tenant")), table.columns().stream())
                    .toList();
            return Insert.into(
                    table.name(),
                    all.stream().map(Column::name).toList(),
                    all.stream()
                            .map(column -> PostgresDialect.INSTANCE
                                    .types(column.type())
                                    .getFirst())
                            .toList(),
                    1 + table.key().size(),
                    " ON CONFLICT (tenant, %s) DO %s"
                            .formatted(
                                    keyColumns(table.key().size()), set.isEmpty() ? "NOTHING" : "UPDATE SET " + set));
        });
    }

    private String matching(int prefix) {
        return Stream.concat(
                        Stream.of("tenant = ?"),
                        table.key().stream().limit(prefix).map(column -> column.name() + " = ?"))
                .collect(joining(" AND "));
    }

    private String following(int after) {
        return after == 0
                ? ""
                : " AND (%s) > (%s)"
                        .formatted(
                                keyColumns(after),
                                IntStream.range(0, after).mapToObj(i -> "?").collect(joining(", ")));
    }

    private String keyColumns(int count) {
        return table.key().stream().limit(count).map(Column::name).collect(joining(", "));
    }
}
