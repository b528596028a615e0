package io.cairn.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.bus.WebhookTables;
import io.cairn.feature.Features;
import io.cairn.knowledge.Documents;
import io.cairn.ledger.Ledger;
import io.cairn.memory.Conversations;
import io.cairn.refresh.ModelRefresh;
import io.cairn.row.Table;
import io.cairn.saga.Sagas;
import io.cairn.task.TaskEngine;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every table of a real schema is known: a part of the log itself, or described with its class. A table that
/// nobody has classed would be left out of exports and rebuilds without anybody noticing.
abstract class SchemaContract {
    /// Identity, heads and events, which the storage itself reads and writes.
    private static final Set<String> LOG = Set.of("log_identity", "partition_head", "event");

    private static final Set<String> MIGRATIONS = Set.of("flyway_schema_history");

    private static final List<Table> DESCRIBED = Features.of(List.of(
                    Conversations.feature(),
                    Documents.feature(),
                    TaskEngine.feature(),
                    Sagas.feature(),
                    Ledger.feature(),
                    WebhookTables.feature(),
                    ModelRefresh.feature()))
            .tables();

    /// A connection to a schema that was made anew.
    abstract Connection connect() throws SQLException;

    /// Derived tables of the store of vectors, where that is in the same schema.
    Set<String> vectors() {
        return Set.of();
    }

    @Test
    void everyTableHasAClass() throws SQLException {
        var known = new TreeSet<>(LOG);
        known.addAll(MIGRATIONS);
        known.addAll(vectors());
        DESCRIBED.forEach(table -> known.add(table.name()));
        try (var connection = connect();
                var tables = connection
                        .getMetaData()
                        .getTables(connection.getCatalog(), connection.getSchema(), "%", new String[] {"TABLE"})) {
            assertThat(new TreeSet<>(names(tables, "TABLE_NAME"))).isEqualTo(known);
        }
    }

    @Test
    void everyDescribedTableHasTheColumnsAndTheKeyOfItsDescription() throws SQLException {
        try (var connection = connect()) {
            for (var table : DESCRIBED) {
                assertThat(columns(connection, table))
                        .as("columns of %s", table.name())
                        .containsExactlyInAnyOrderElementsOf(withTenant(table.columns()));
                assertThat(key(connection, table))
                        .as("key of %s", table.name())
                        .containsExactlyElementsOf(withTenant(table.key()));
            }
        }
    }

    private static List<String> withTenant(List<Table.Column> columns) {
        return Stream.concat(Stream.of("tenant"), columns.stream().map(Table.Column::name))
                .toList();
    }

    private static List<String> columns(Connection connection, Table table) throws SQLException {
        try (var columns = connection
                .getMetaData()
                .getColumns(connection.getCatalog(), connection.getSchema(), table.name(), "%")) {
            return names(columns, "COLUMN_NAME");
        }
    }

    private static List<String> key(Connection connection, Table table) throws SQLException {
        var parts = new TreeMap<Integer, String>();
        try (var keys = connection
                .getMetaData()
                .getPrimaryKeys(connection.getCatalog(), connection.getSchema(), table.name())) {
            while (keys.next()) {
                parts.put(keys.getInt("KEY_SEQ"), keys.getString("COLUMN_NAME"));
            }
        }
        return List.copyOf(parts.values());
    }

    private static List<String> names(ResultSet rows, String column) throws SQLException {
        var names = new ArrayList<String>();
        while (rows.next()) {
            names.add(rows.getString(column));
        }
        return names;
    }
}
