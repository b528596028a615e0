package io.cairn.adapter.sql;

import io.cairn.row.Table;
import java.sql.SQLException;
import java.util.List;

/// Tables beside others, in which projections are built anew. Both databases make and drop tables
/// within a transaction.
final class AsideTables {
    private final SqlSession session;

    AsideTables(SqlSession session) {
        this.session = session;
    }

    void make(List<Table> tables) throws SQLException {
        for (var table : tables) {
            run("DROP TABLE IF EXISTS " + table.aside().name());
            run(session.dialect()
                    .createLike(session, table.name(), table.aside().name()));
        }
    }

    void take(List<Table> tables) throws SQLException {
        for (var table : tables) {
            run("DROP TABLE " + table.name());
            run("ALTER TABLE %s RENAME TO %s".formatted(table.aside().name(), table.name()));
        }
    }

    /// A statement that is used once, and is not kept.
    private void run(String sql) throws SQLException {
        try (var statement = session.connection().createStatement()) {
            statement.execute(sql);
        }
    }
}
