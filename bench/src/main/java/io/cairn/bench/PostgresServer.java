package io.cairn.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.cairn.adapter.sql.PostgresSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;

/// The server that measurements may use, as `scripts/dev/services.sh env` names it.
///
/// Every side of a comparison works in a schema of its own, made before and dropped after it.
record PostgresServer(String url, String user, String password) {
    private static final String VARIABLE = "CAIRN_TEST_POSTGRES_";

    static Optional<PostgresServer> named() {
        return variable("URL")
                .map(url -> new PostgresServer(
                        url,
                        variable("USER").orElse("postgres"),
                        variable("PASSWORD").orElse("")));
    }

    static PostgresServer required() {
        return named().orElseThrow(() -> new IllegalArgumentException(
                "This needs PostgreSQL: scripts/dev/services.sh up; eval \"$(scripts/dev/services.sh env)\""));
    }

    private static Optional<String> variable(String name) {
        return Optional.ofNullable(System.getenv(VARIABLE + name)).filter(value -> !value.isBlank());
    }

    /// Work in a schema.
    @FunctionalInterface
    interface Work<T> {
        T in(PostgresServer schema) throws Exception;
    }

    <T> T withSchema(String name, Work<T> work) throws Exception {
        var schema = "cairn_bench_" + name;
        execute("DROP SCHEMA IF EXISTS %s CASCADE; CREATE SCHEMA %s".formatted(schema, schema));
        try {
            var separator = url.contains("?") ? "&" : "?";
            return work.in(new PostgresServer(url + separator + "currentSchema=" + schema, user, password));
        } finally {
            execute("DROP SCHEMA %s CASCADE".formatted(schema));
        }
    }

    /// What was written before weighs on nobody's flushes.
    void settle() throws SQLException {
        execute("CHECKPOINT");
    }

    PostgresSettings settings() {
        return PostgresSettings.of(url, user, password);
    }

    /// A connection for each client, all of them open from the start.
    HikariDataSource pool(int clients, boolean autoCommit) {
        var source = new PGSimpleDataSource();
        source.setURL(url);
        source.setUser(user);
        source.setPassword(password);
        var config = new HikariConfig();
        config.setDataSource(source);
        config.setMinimumIdle(clients);
        config.setMaximumPoolSize(clients);
        config.setAutoCommit(autoCommit);
        return new HikariDataSource(config);
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url, user, password);
    }

    /// Version and what decides about durability, to stand above a table.
    String line() throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT current_setting('server_version'), current_setting('fsync'),"
                        + " current_setting('synchronous_commit'), current_setting('shared_buffers')")) {
            row.next();
            return "PostgreSQL %s, fsync %s, synchronous_commit %s, shared_buffers %s"
                    .formatted(row.getString(1), row.getString(2), row.getString(3), row.getString(4));
        }
    }

    private void execute(String sql) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
