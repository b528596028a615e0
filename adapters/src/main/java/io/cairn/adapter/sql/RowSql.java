package io.cairn.adapter.sql;

import static java.util.stream.Collectors.joining;

import io.cairn.row.Table;
import io.cairn.row.Table.Column;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The SQL statements for one table. Names in them come only from the table's description; values are always bound.
final class RowSql {
    private static final Map<Table, RowSql> KNOWN = new ConcurrentHashMap<>();

    private final Table table;
    private final String columns;
    private final Map<Object, String> built = new ConcurrentHashMap<>();
    private final Map<Set<String>, Insert> puts = new ConcurrentHashMap<>();
    private final Map<Integer, Insert> removes = new ConcurrentHashMap<>();

    private RowSql(Table table) {
        this.table = table;
        this.columns = table.columns().stream().map(Column::name).collect(joining(", "));
    }

    static RowSql of(Table table) {
        return KNOWN.computeIfAbsent(table, RowSql::new);
    }

    private record Select(int prefix, int after) {}

    private record SelectAll(int prefix) {}

    private record First(int prefix, boolean bounded) {}

    private record FirstOfAll(int prefix, boolean bounded) {}

    private record Count(int prefix) {}

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

    /// Selects the rows of many keys or prefixes, in PostgreSQL's SQL. The keys are given as one array of tenants and
    /// one for each part; the last column of each row is its tenant.
    String selectAll(int prefix) {
        return built.computeIfAbsent(new SelectAll(prefix), key -> lateral(prefix, "", ""));
    }

    /// The first rows of a prefix; the bound, if there is one, and the limit come last.
    String first(int prefix, boolean bounded) {
        return built.computeIfAbsent(
                new First(prefix, bounded),
                key -> "SELECT %s FROM %s WHERE %s%s ORDER BY %s LIMIT ?"
                        .formatted(
                                columns,
                                table.name(),
                                matching(prefix),
                                bound(prefix, bounded),
                                keyColumns(table.key().size())));
    }

    /// The same for many prefixes, given as in [#selectAll].
    String firstOfAll(int prefix, boolean bounded) {
        return built.computeIfAbsent(
                new FirstOfAll(prefix, bounded), key -> lateral(prefix, bound(prefix, bounded), " LIMIT ?"));
    }

    private String bound(int prefix, boolean bounded) {
        return bounded ? " AND %s <= ?".formatted(table.key().get(prefix).name()) : "";
    }

    private String lateral(int prefix, String bound, String limit) {
        var asked = IntStream.range(0, prefix).mapToObj(i -> ", key" + i).collect(joining());
        var matching = IntStream.range(0, prefix)
                .mapToObj(i ->
                        " AND %s = asked.key%d".formatted(table.key().get(i).name(), i))
                .collect(joining());
        return """
            SELECT %s, of_tenant FROM unnest(?%s) AS asked (of_tenant%s) CROSS JOIN LATERAL (
                SELECT * FROM %s WHERE tenant = asked.of_tenant%s%s ORDER BY %s%s) found
            """.formatted(
                        columns,
                        ", ?".repeat(prefix),
                        asked,
                        table.name(),
                        matching,
                        bound,
                        keyColumns(table.key().size()),
                        limit);
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

    /// One step along the key's index for each tenant, however many rows it has.
    String tenants() {
        return """
            WITH RECURSIVE found(tenant) AS (
                SELECT min(tenant) FROM %1$s
                UNION ALL
                SELECT (SELECT min(behind.tenant) FROM %1$s behind WHERE behind.tenant > found.tenant)
                FROM found WHERE found.tenant IS NOT NULL)
            SELECT tenant FROM found WHERE tenant IS NOT NULL ORDER BY tenant
            """.formatted(table.name());
    }

    /// Counts of all tenants by the key's first part.
    String counts() {
        var first = table.key().getFirst().name();
        return "SELECT %s, count(*) FROM %s GROUP BY %s".formatted(first, table.name(), first);
    }

    /// Of each tenant's rows with the same first part of the key the one with the least value in a column, with its
    /// tenant behind it.
    String least(String column) {
        return """
            SELECT %s, tenant FROM %s JOIN (
                SELECT tenant, %s, min(%s) AS %s FROM %s GROUP BY 1, 2) least USING (tenant, %s, %s)
            """.formatted(
                        columns,
                        table.name(),
                        table.key().getFirst().name(),
                        column,
                        column,
                        table.name(),
                        table.key().getFirst().name(),
                        column);
    }

    /// Removes what has a prefix; for many whole keys in PostgreSQL's words, each by the key's index.
    Insert remove(int prefix) {
        return removes.computeIfAbsent(prefix, parts -> {
            var one = "DELETE FROM %s WHERE %s".formatted(table.name(), matching(prefix));
            if (prefix < table.key().size()) {
                return Insert.none(one);
            }
            var key = Stream.concat(Stream.of(Column.text("tenant")), table.key().stream())
                    .toList();
            var types = key.stream()
                    .map(column -> PostgresDialect.INSTANCE.types(column.type()).getFirst())
                    .toList();
            var many = """
                DELETE FROM %s WHERE ctid = ANY (ARRAY (
                    SELECT found.ctid FROM unnest(%s) AS gone (%s) CROSS JOIN LATERAL (
                        SELECT ctid FROM %s AS row WHERE %s LIMIT 1) found))\
                """.formatted(
                            table.name(),
                            types.stream().map(type -> "?::" + type + "[]").collect(joining(", ")),
                            key.stream().map(Column::name).collect(joining(", ")),
                            table.name(),
                            key.stream()
                                    .map(column -> "row.%s = gone.%s".formatted(column.name(), column.name()))
                                    .collect(joining(" AND ")));
            return new Insert(one, many, types, key.size());
        });
    }

    /// Inserts a row; where its key exists already, sets the columns that are not to be kept. The statement for many
    /// rows is PostgreSQL's.
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
