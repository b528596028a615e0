package io.cairn.adapter.sql;

import static java.util.stream.Collectors.joining;

import io.cairn.row.Table;
import io.cairn.row.Table.Column;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/// Makes, renames and drops tables of projections, whose rows are built anew in shadow tables. Both databases do that
/// within a transaction.
final class TableForms {
    private final SqlSession session;

    TableForms(SqlSession session) {
        this.session = session;
    }

    void makeAside(List<Table> tables) throws SQLException {
        for (var table : tables) {
            drop(table.aside());
            run(session.dialect()
                    .createLike(session, table.name(), table.aside().name()));
        }
    }

    void make(Table table) throws SQLException {
        var key = Stream.concat(Stream.of(Column.text("tenant")), table.key().stream())
                .toList();
        run("CREATE TABLE %s (%s, %sPRIMARY KEY (%s))%s"
                .formatted(
                        table.name(),
                        key.stream().map(column -> column(column) + " NOT NULL").collect(joining(", ")),
                        table.values().stream()
                                .map(column -> column(column) + ", ")
                                .collect(joining()),
                        key.stream().map(Column::name).collect(joining(", ")),
                        session.dialect().tableOptions()));
    }

    private String column(Column column) {
        return column.name() + " " + session.dialect().columnType(column.type());
    }

    void drop(Table table) throws SQLException {
        run("DROP TABLE IF EXISTS " + table.name());
    }

    void rename(Table table, Table as) throws SQLException {
        run("ALTER TABLE %s RENAME TO %s".formatted(table.name(), as.name()));
    }

    /// Carries out a statement that is used once and not kept.
    private void run(String sql) throws SQLException {
        try (var statement = session.connection().createStatement()) {
            statement.execute(sql);
        }
    }
}
